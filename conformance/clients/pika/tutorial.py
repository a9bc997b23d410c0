"""The tutorial scenarios with pika: tutorial.py SCENARIO URL NAME.

NAME is free for the queue or exchange of this run. Exit code 0 means that everything arrived as
expected; otherwise the last line on stderr says what did not.
"""

import subprocess
import sys

import pika

from async_publisher import AsyncPublisher

TASKS = [f'task {number}' for number in range(1, 7)]
SEVERITIES = ['info', 'error', 'debug', 'warning', 'error']
FACILITIES = [
    'kern.critical', 'kern.info', 'cron.critical', 'cron.info', 'kern.disk.critical', 'kern',
]
FIBONACCI = {0: 0, 1: 1, 10: 55, 20: 6765}
PERSISTENT = pika.BasicProperties(delivery_mode=2)


def hello_world(url, name):
    sender = connect(url)
    channel = sender.channel()
    channel.queue_declare(queue=name)
    channel.basic_publish(exchange='', routing_key=name, body='Hello World!')
    sender.close()

    receiver = connect(url)
    channel = receiver.channel()
    channel.queue_declare(queue=name)
    received = []

    def on_message(channel, method, properties, body):
        received.append((method.exchange, method.routing_key, method.redelivered, body))
        channel.stop_consuming()

    channel.basic_consume(queue=name, on_message_callback=on_message, auto_ack=True)
    channel.start_consuming()
    expect('received', received, [('', name, False, b'Hello World!')])
    expect('messages left', depth(channel, name), 0)
    channel.queue_delete(queue=name)
    receiver.close()


def work_queue(url, name):
    connection = connect(url)
    channel = connection.channel()
    channel.queue_declare(queue=name, durable=True)
    for task in TASKS:
        channel.basic_publish(exchange='', routing_key=name, body=task, properties=PERSISTENT)

    doomed = start('worker', url, name)
    expect('first worker took', doomed.stdout.readline(), 'task 1 redelivered=False\n')
    done = []

    def on_task(channel, method, properties, body):
        done.append((body.decode(), method.redelivered, properties.delivery_mode))
        if len(done) == len(TASKS) - 1:
            doomed.kill()
        channel.basic_ack(delivery_tag=method.delivery_tag)
        if len(done) == len(TASKS):
            channel.stop_consuming()

    channel.basic_qos(prefetch_count=1)
    channel.basic_consume(queue=name, on_message_callback=on_task)
    channel.start_consuming()
    fresh = [(task, False, 2) for task in TASKS[1:]]
    expect('second worker took', done, [*fresh, ('task 1', True, 2)])
    expect('first worker also took', doomed.stdout.read(), '')

    channel.close()
    channel = connection.channel()
    expect('messages left', depth(channel, name), 0)
    channel.queue_delete(queue=name)
    connection.close()


def worker(url, name):
    """Takes a task and never acknowledges it. Runs in a process of its own, to be killed."""
    channel = connect(url).channel()
    channel.basic_qos(prefetch_count=1)

    def on_task(channel, method, properties, body):
        print(f'{body.decode()} redelivered={method.redelivered}', flush=True)

    channel.basic_consume(queue=name, on_message_callback=on_task)
    channel.start_consuming()


def publish_subscribe(url, name):
    publisher = Publisher(url, name, 'fanout')
    publisher.log('', 'nobody listens yet')
    subscribers = [Subscriber(url, name, 'fanout', ['']) for _ in range(2)]
    for number in range(1, 4):
        publisher.log('', f'log {number}')
    publisher.end(subscribers)

    expect('queue names differ', subscribers[0].queue != subscribers[1].queue, True)
    for subscriber in subscribers:
        expect('queue name', subscriber.queue[:8], 'amq.gen-')
        expect('received', subscriber.logs(), [f'{name} "" log {number}' for number in range(1, 4)])
    publisher.close()


def routing(url, name):
    publisher = Publisher(url, name, 'direct')
    disk = Subscriber(url, name, 'direct', ['error'])
    screen = Subscriber(url, name, 'direct', ['info', 'warning', 'error'])
    for severity in SEVERITIES:
        publisher.log(severity, f'an {severity} message')
    publisher.end([disk, screen])

    def logged(severities):
        return [f'{name} "{severity}" an {severity} message' for severity in severities]

    expect('error queue', disk.logs(), logged(['error', 'error']))
    expect('screen queue', screen.logs(), logged(['info', 'error', 'warning', 'error']))
    publisher.close()


def topics(url, name):
    publisher = Publisher(url, name, 'topic')
    patterns = [['#'], ['kern.*'], ['*.critical'], ['kern.*', '*.critical']]
    subscribers = [Subscriber(url, name, 'topic', keys) for keys in patterns]
    for facility in FACILITIES:
        publisher.log(facility, f'from {facility}')
    publisher.end(subscribers)

    expected = [
        FACILITIES,
        ['kern.critical', 'kern.info'],
        ['kern.critical', 'cron.critical'],
        ['kern.critical', 'kern.info', 'cron.critical'],
    ]
    for keys, subscriber, facilities in zip(patterns, subscribers, expected):
        logged = [f'{name} "{facility}" from {facility}' for facility in facilities]
        expect(f'queue of {keys}', subscriber.logs(), logged)
    publisher.close()


def rpc(url, name):
    connection = connect(url)
    channel = connection.channel()
    channel.queue_declare(queue=name)
    server = start('rpc-server', url, name)

    replies = {}
    reply_queue = channel.queue_declare(queue='', exclusive=True).method.queue

    def on_reply(channel, method, properties, body):
        replies[properties.correlation_id] = int(body)
        if len(replies) == len(FIBONACCI):
            channel.stop_consuming()

    channel.basic_consume(queue=reply_queue, on_message_callback=on_reply, auto_ack=True)
    for number in FIBONACCI:
        channel.basic_publish(
            exchange='',
            routing_key=name,
            properties=pika.BasicProperties(reply_to=reply_queue, correlation_id=f'call-{number}'),
            body=str(number),
        )
    channel.start_consuming()
    expect('replies', replies, {f'call-{number}': value for number, value in FIBONACCI.items()})
    server.kill()
    channel.queue_delete(queue=name)
    connection.close()


def rpc_server(url, name):
    """Answers with Fibonacci numbers. Runs in a process of its own, until it is killed."""
    channel = connect(url).channel()

    def on_request(channel, method, properties, body):
        channel.basic_publish(
            exchange='',
            routing_key=properties.reply_to,
            properties=pika.BasicProperties(correlation_id=properties.correlation_id),
            body=str(fib(int(body))),
        )
        channel.basic_ack(delivery_tag=method.delivery_tag)

    channel.basic_qos(prefetch_count=1)
    channel.basic_consume(queue=name, on_message_callback=on_request)
    channel.start_consuming()


def fib(number):
    return number if number < 2 else fib(number - 1) + fib(number - 2)


def confirms(url, name):
    connection = connect(url)
    channel = connection.channel()
    channel.queue_declare(queue=name)

    # A blocking channel in confirm mode waits for the broker's answer in each publish.
    channel.confirm_delivery()
    for number in range(10):
        channel.basic_publish(exchange='', routing_key=name, body=f'individually {number}')
    expect('messages after individual confirms', depth(channel, name), 10)

    batches = AsyncPublisher(url, name, [[f'batch {number}' for number in range(50)]] * 2).run()
    expect('confirmed in batches', batches, list(range(1, 101)))
    expect('messages after batches', depth(channel, name), 110)

    bodies = [f'asynchronously {number}' for number in range(100)]
    confirmed = AsyncPublisher(url, name, [bodies]).run()
    expect('confirmed asynchronously', confirmed, list(range(1, 101)))
    expect('messages in the end', depth(channel, name), 210)
    channel.queue_delete(queue=name)
    connection.close()


class Publisher:
    """Emits log messages to an exchange."""

    def __init__(self, url, exchange, exchange_type):
        self.exchange = exchange
        self.connection = connect(url)
        self.channel = self.connection.channel()
        self.channel.exchange_declare(
            exchange=exchange, exchange_type=exchange_type, auto_delete=True)

    def log(self, routing_key, body):
        self.channel.basic_publish(exchange=self.exchange, routing_key=routing_key, body=body)

    def end(self, subscribers):
        """Sends 'end' past the exchange: whatever the exchange routed wrongly comes before it."""
        for subscriber in subscribers:
            self.channel.basic_publish(exchange='', routing_key=subscriber.queue, body='end')

    def close(self):
        self.connection.close()


class Subscriber:
    """Receives log messages in an exclusive queue that the broker names."""

    def __init__(self, url, exchange, exchange_type, binding_keys):
        self.received = []
        self.connection = connect(url)
        self.channel = self.connection.channel()
        self.channel.exchange_declare(
            exchange=exchange, exchange_type=exchange_type, auto_delete=True)
        self.queue = self.channel.queue_declare(queue='', exclusive=True).method.queue
        for key in binding_keys:
            self.channel.queue_bind(exchange=exchange, queue=self.queue, routing_key=key)
        self.channel.basic_consume(
            queue=self.queue, on_message_callback=self.on_message, auto_ack=True)

    def on_message(self, channel, method, properties, body):
        if body == b'end':
            channel.stop_consuming()
        else:
            self.received.append(f'{method.exchange} "{method.routing_key}" {body.decode()}')

    def logs(self):
        self.channel.start_consuming()
        self.connection.close()
        return self.received


def connect(url):
    return pika.BlockingConnection(pika.URLParameters(url))


def depth(channel, queue):
    return channel.queue_declare(queue=queue, passive=True).method.message_count


def start(role, url, name):
    command = [sys.executable, __file__, role, url, name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def expect(what, actual, expected):
    if actual != expected:
        sys.exit(f'{what}: {actual!r}, expected {expected!r}')


ROLES = {
    'hello-world': hello_world,
    'work-queue': work_queue,
    'publish-subscribe': publish_subscribe,
    'routing': routing,
    'topics': topics,
    'rpc': rpc,
    'confirms': confirms,
    'worker': worker,
    'rpc-server': rpc_server,
}

if __name__ == '__main__':
    ROLES[sys.argv[1]](sys.argv[2], sys.argv[3])
