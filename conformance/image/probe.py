# probe.py HOST PORT USER PASSWORD VHOST [QUEUE]: one login as pika's BlockingConnection does it; with QUEUE, looks for it,
# and with QUEUE=MESSAGE puts that into it, durably.
import sys

import pika

host, port, user, password, vhost = sys.argv[1:6]
parameters = pika.ConnectionParameters(
    host,
    int(port),
    vhost,
    pika.PlainCredentials(user, password),
    connection_attempts=1,
    socket_timeout=5,
)
try:
    connection = pika.BlockingConnection(parameters)
except Exception as error:
    sys.exit(f"{type(error).__name__} {error}")
channel = connection.channel()
if len(sys.argv) > 6:
    queue, _, body = sys.argv[6].partition("=")
    if body:
        channel.queue_declare(queue, durable=True)
        channel.confirm_delivery()
        channel.basic_publish("", queue, body, pika.BasicProperties(delivery_mode=2))
    print(channel.queue_declare(queue, passive=True).method.message_count)
connection.close()
