"""A warehouse on plain kombu: warehouse.py SCENARIO URL NAME.

NAME begins all names of this run. Exit code 0 means that everything was as expected; otherwise
the last line on stderr says what was not.
"""

import sys
import threading
import time
from functools import partial

from kombu import Connection, Consumer, Exchange, Producer, Queue, eventloop
from kombu.mixins import ConsumerMixin, ConsumerProducerMixin
from kombu.pools import connections, producers

TIMEOUT = 20


def simple_queue(url, name):
    with Connection(url) as connection:
        queue = connection.SimpleQueue(f'{name}.simple')
        for number in range(5):
            queue.put({'number': number}, serializer='json', compression='zlib')
        until('five wait', lambda: queue.qsize() == 5)
        received = []
        for _ in range(5):
            message = queue.get(timeout=TIMEOUT)
            received.append(message.payload['number'])
            message.ack()
        expect('received', received, list(range(5)))
        try:
            queue.get(block=False)
        except queue.Empty:
            pass
        else:
            raise AssertionError('the queue is not empty')
        queue.close()
        queue.queue.delete()


def topics(url, name):
    exchange = Exchange(f'{name}.topic', 'topic', durable=False)
    disk = Queue(f'{name}.disk', exchange, routing_key='disk.#', durable=False)
    errors = Queue(f'{name}.errors', exchange, routing_key='*.error', durable=False)
    received = {disk.name: [], errors.name: []}

    def note(queue, body, message):
        received[queue].append(body)
        message.ack()

    with Connection(url) as connection:
        channel = connection.channel()
        consumers = [Consumer(channel, [queue], callbacks=[partial(note, queue.name)])
                     for queue in (disk, errors)]
        for consumer in consumers:
            consumer.consume()
        producer = Producer(channel, exchange)
        for key in ('disk.info', 'net.info', 'net.error', 'disk.error'):
            producer.publish(key, routing_key=key, content_type='text/plain',
                             content_encoding='utf-8')
        drain(connection, lambda: sum(map(len, received.values())) == 4)
        expect('disk', received[disk.name], ['disk.info', 'disk.error'])
        expect('errors', received[errors.name], ['net.error', 'disk.error'])
        for consumer in consumers:
            consumer.cancel()
        remove(channel, queues=[disk, errors], exchanges=[exchange])


class Picker(ConsumerMixin):
    """Picks what it can, leaves the rest to others, refuses what is broken."""

    def __init__(self, connection, queue, wanted):
        self.connection = connection
        self.queue = queue
        self.wanted = wanted
        self.picked = []
        self.requeued = 0

    def get_consumers(self, consumer_class, channel):
        return [consumer_class([self.queue], callbacks=[self.on_item], prefetch_count=2)]

    def on_item(self, body, message):
        if body['item'] == 'broken':
            message.reject()
        elif body['item'] == 'heavy' and not message.delivery_info['redelivered']:
            self.requeued += 1
            message.requeue()
        else:
            self.picked.append(body['item'])
            message.ack()
        if len(self.picked) == self.wanted:
            self.should_stop = True


def picking(url, name):
    graveyard = Exchange(f'{name}.dead', 'fanout')
    broken = Queue(f'{name}.broken', graveyard)
    queue = Queue(f'{name}.items', Exchange(f'{name}.items'), routing_key='items',
                  queue_arguments={'x-dead-letter-exchange': graveyard.name})
    with Connection(url, heartbeat=10) as connection:
        channel = connection.default_channel
        broken(channel).declare()
        with producers[connection].acquire(block=True) as producer:
            for item in ('book', 'heavy', 'broken', 'pen', 'ink'):
                producer.publish({'item': item}, exchange=queue.exchange, routing_key='items',
                                 declare=[queue], retry=True)
        picker = Picker(connection.clone(), queue, wanted=4)
        picker.run(timeout=1)
        expect('picked', sorted(picker.picked), ['book', 'heavy', 'ink', 'pen'])
        expect('requeued', picker.requeued, 1)
        message = fetch(broken(channel))
        expect('broken', message.payload, {'item': 'broken'})
        expect('death', message.headers['x-death'][0]['reason'], 'rejected')
        message.ack()
        remove(channel, queues=[queue, broken], exchanges=[graveyard, queue.exchange])


def priorities(url, name):
    queue = Queue(f'{name}.priorities', max_priority=10)
    with Connection(url) as connection:
        channel = connection.default_channel
        bound = queue(channel)
        bound.declare()
        producer = Producer(channel)
        for priority in (0, 5, 9, 3, 9):
            producer.publish({'priority': priority}, routing_key=queue.name, priority=priority)
        until('five wait', lambda: bound.queue_declare(passive=True).message_count == 5)
        received = []
        for _ in range(5):
            message = bound.get(no_ack=True)
            received.append(message.payload['priority'])
        expect('order', received, [9, 9, 5, 3, 0])
        bound.delete()


def delays(url, name):
    """The usual delay: a queue with a TTL whose dead letters go to the queue of work."""
    work = Queue(f'{name}.work')
    delay = Queue(f'{name}.delay', message_ttl=0.3, queue_arguments={
        'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': work.name})
    with Connection(url) as connection:
        channel = connection.default_channel
        bound = work(channel)
        bound.declare()
        delay(channel).declare()
        started = time.monotonic()
        Producer(channel).publish({'try': 1}, routing_key=delay.name)
        message = fetch(bound)
        expect('not before', time.monotonic() - started >= 0.28, True)
        expect('why', message.headers['x-first-death-reason'], 'expired')
        message.ack()
        Producer(channel).publish({'try': 2}, routing_key=work.name, expiration=60)
        expect('expiration', fetch(bound).properties['expiration'], '60000')
        remove(channel, queues=[work, delay])


class Calculator(ConsumerProducerMixin):
    """Answers calls until it is told to stop."""

    def __init__(self, connection, queue):
        self.connection = connection
        self.queue = queue

    def get_consumers(self, consumer_class, channel):
        return [consumer_class([self.queue], on_message=self.on_request, accept={'json'},
                               prefetch_count=1)]

    def on_request(self, message):
        numbers = message.payload
        self.producer.publish(
            {'sum': sum(numbers)}, exchange='', routing_key=message.properties['reply_to'],
            correlation_id=message.properties['correlation_id'], serializer='json', retry=True)
        message.ack()


def rpc(url, name):
    queue = Queue(f'{name}.calls', auto_delete=True)
    server = Calculator(Connection(url), queue)
    thread = threading.Thread(target=lambda: server.run(), daemon=True)
    thread.start()
    answers = {}
    with Connection(url) as connection:
        replies = Queue(f'{name}.replies', exclusive=True, auto_delete=True, durable=False)

        def on_reply(message):
            answers[message.properties['correlation_id']] = message.payload['sum']
            message.ack()

        with Consumer(connection, [replies], on_message=on_reply):
            producer = Producer(connection.default_channel)
            for number in range(10):
                producer.publish([number, number], routing_key=queue.name, declare=[queue],
                                 reply_to=replies.name, correlation_id=str(number))
            drain(connection, lambda: len(answers) == 10)
        expect('answers', answers, {str(number): 2 * number for number in range(10)})
    server.should_stop = True
    thread.join(TIMEOUT)
    expect('the server has stopped', thread.is_alive(), False)


def confirms(url, name):
    """Confirmed publishing, and a return of what nobody wants."""
    returned = []
    queue = Queue(f'{name}.confirmed')
    with Connection(url, transport_options={'confirm_publish': True}) as connection:
        channel = connection.default_channel
        bound = queue(channel)
        bound.declare()
        producer = Producer(channel, on_return=lambda *args: returned.append(args))
        for number in range(100):
            producer.publish({'number': number}, routing_key=queue.name, delivery_mode=2)
        expect('kept', bound.queue_declare(passive=True).message_count, 100)
        expect('purged', bound.purge(), 100)
        producer.publish({}, routing_key=f'{name}.nowhere', mandatory=True)
        error, _, key, _ = returned[0]
        expect('returned', (error.reply_text, key), ('NO_ROUTE', f'{name}.nowhere'))
        bound.delete()


def pools(url, name):
    """Many threads share a few connections."""
    queue = Queue(f'{name}.pooled')
    with Connection(url) as connection:
        queue(connection.default_channel).declare()
        pool = connections[Connection(url)]

        def work(number):
            with pool.acquire(block=True) as pooled:
                Producer(pooled.default_channel).publish({'number': number}, routing_key=queue.name)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(TIMEOUT)
        numbers = []

        def note(body, message):
            numbers.append(body['number'])
            message.ack()

        with Consumer(connection, [queue], callbacks=[note]):
            drain(connection, lambda: len(numbers) == 20)
        expect('numbers', sorted(numbers), list(range(20)))
        pool.force_close_all()
        remove(connection.default_channel, queues=[queue])


def drain(connection, is_done):
    """Runs the event loop until it is done."""
    deadline = time.monotonic() + TIMEOUT
    for _ in eventloop(connection, timeout=1, ignore_timeouts=True):
        if is_done():
            return
        if time.monotonic() > deadline:
            raise AssertionError('the messages did not come')


def fetch(queue):
    found = []

    def is_there():
        message = queue.get()
        if message is not None:
            found.append(message)
        return message is not None

    until('a message comes', is_there)
    return found[0]


def remove(channel, queues=(), exchanges=()):
    for queue in queues:
        queue(channel).delete()
    for exchange in exchanges:
        exchange(channel).delete()


def until(what, is_so):
    deadline = time.monotonic() + TIMEOUT
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f'not within {TIMEOUT} s: {what}')
        time.sleep(0.02)


def expect(what, received, expected):
    if received != expected:
        raise AssertionError(f'{what}: expected {expected!r}, received {received!r}')


if __name__ == '__main__':
    globals()[sys.argv[1]](*sys.argv[2:4])
