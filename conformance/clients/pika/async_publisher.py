"""Publishing with confirms on pika's asynchronous connection."""

import sys

import pika


class AsyncPublisher:
    """Publishes batches of messages, each batch once the one before is confirmed."""

    def __init__(self, url, queue, batches):
        self.queue = queue
        self.batches = list(batches)
        self.published = 0
        self.outstanding = set()
        self.confirmed = []
        self.channel = None
        self.connection = pika.SelectConnection(
            pika.URLParameters(url),
            on_open_callback=self.on_connection_open,
            on_open_error_callback=self.on_failure,
            on_close_callback=self.on_connection_closed,
        )

    def run(self):
        """Publishes everything; gives the confirmed sequence numbers, sorted."""
        self.connection.ioloop.start()
        return sorted(self.confirmed)

    def on_connection_open(self, connection):
        connection.channel(on_open_callback=self.on_channel_open)

    def on_channel_open(self, channel):
        self.channel = channel
        channel.add_on_close_callback(self.on_channel_closed)
        channel.confirm_delivery(self.on_confirm, callback=self.on_confirm_mode)

    def on_confirm_mode(self, frame):
        self.publish_batch()

    def publish_batch(self):
        for body in self.batches.pop(0):
            self.published += 1
            self.outstanding.add(self.published)
            self.channel.basic_publish(exchange='', routing_key=self.queue, body=body)

    def on_confirm(self, frame):
        tag = frame.method.delivery_tag
        if not isinstance(frame.method, pika.spec.Basic.Ack):
            sys.exit(f'message {tag} was not confirmed but answered by {frame.method}')
        covered = sorted(
            number for number in self.outstanding
            if number == tag or (frame.method.multiple and number < tag)
        )
        if tag not in covered:
            sys.exit(f'confirm of {tag}, which is not outstanding')
        self.outstanding.difference_update(covered)
        self.confirmed.extend(covered)
        if not self.outstanding:
            self.publish_batch() if self.batches else self.connection.close()

    def on_channel_closed(self, channel, reason):
        if self.batches or self.outstanding:
            self.on_failure(self.connection, reason)

    def on_connection_closed(self, connection, reason):
        connection.ioloop.stop()

    def on_failure(self, connection, reason):
        sys.exit(f'{type(reason).__name__}: {reason}')
