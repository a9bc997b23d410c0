"""Logs in over TLS with pika, sends a message through a queue, and prints how that went.

Arguments: port, host to expect, CA file, certificate and key (or - and -), PLAIN or EXTERNAL, lowest and highest version
of TLS. Prints `ok VERSION`, or the kind of error.
"""

import ssl
import sys

import pika


def context(ca, cert, key, lowest, highest):
    """What the client trusts, shows and speaks."""
    tls = ssl.create_default_context(cafile=ca)
    if cert != "-":
        tls.load_cert_chain(cert, key)
    tls.minimum_version = ssl.TLSVersion[lowest]
    tls.maximum_version = ssl.TLSVersion[highest]
    if highest == "TLSv1_1":
        tls.set_ciphers("ALL:@SECLEVEL=0")
    return tls


def play(port, host, tls, mechanism):
    """Opens a connection; gives the bytes of a message that went there and back."""
    credentials = pika.PlainCredentials("guest", "guest")
    if mechanism == "EXTERNAL":
        credentials = pika.credentials.ExternalCredentials()
    parameters = pika.ConnectionParameters(
        "127.0.0.1",
        port,
        credentials=credentials,
        ssl_options=pika.SSLOptions(tls, host),
    )
    connection = pika.BlockingConnection(parameters)
    channel = connection.channel()
    channel.confirm_delivery()
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.basic_publish("", queue, b"x" * 200_000)
    _method, _properties, body = channel.basic_get(queue, auto_ack=True)
    connection.close()
    return body


def main():
    port, host, ca, cert, key, mechanism, lowest, highest = sys.argv[1:]
    try:
        body = play(int(port), host, context(ca, cert, key, lowest, highest), mechanism)
    except (pika.exceptions.AMQPError, OSError) as error:  # of TLS too
        print("refused", type(error).__name__, repr(error.args))
        return
    assert body == b"x" * 200_000
    print("ok")


main()
