"""An exchange desk on aio-pika: exchange_desk.py SCENARIO URL NAME.

NAME begins all names of this run. Exit code 0 means that everything was as expected; otherwise
the last line on stderr says what was not.
"""

import asyncio
import json
import sys
from urllib.parse import urlsplit, urlunsplit

import aio_pika
from aio_pika import DeliveryMode, ExchangeType, Message
from aio_pika.exceptions import DeliveryError
from aio_pika.patterns import RPC, Master

TIMEOUT = 20


class Wire:
    """A way to the broker that can be cut."""

    def __init__(self, url):
        self.parts = urlsplit(url)
        self.writers = []
        self.server = None

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.connected, '127.0.0.1', 0)
        port = self.server.sockets[0].getsockname()[1]
        login = self.parts.netloc.rpartition('@')[0]
        netloc = f'{login}@127.0.0.1:{port}' if login else f'127.0.0.1:{port}'
        self.url = urlunsplit(self.parts._replace(netloc=netloc))
        return self

    async def __aexit__(self, *_):
        self.server.close()
        self.cut()

    async def connected(self, reader, writer):
        port = self.parts.port or 5672
        far_reader, far_writer = await asyncio.open_connection(self.parts.hostname, port)
        self.writers += [writer, far_writer]
        await asyncio.gather(self.pump(reader, far_writer), self.pump(far_reader, writer))

    async def pump(self, reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def cut(self):
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()


async def robust_connection(url, name):
    """After a cut everything is declared again, and consuming goes on."""
    async with Wire(url) as wire:
        connection = await aio_pika.connect_robust(wire.url, reconnect_interval=0.1)
        reconnected = asyncio.Event()
        connection.reconnect_callbacks.add(lambda *_: reconnected.set())
        async with connection:
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=5)
            exchange = await channel.declare_exchange(f'{name}.rates', ExchangeType.TOPIC,
                                                      auto_delete=True)
            queue = await channel.declare_queue(f'{name}.own', exclusive=True)
            await queue.bind(exchange, 'eur.*')
            inbox = asyncio.Queue()

            async def on_message(message):
                async with message.process():
                    await inbox.put(message.body.decode())

            await queue.consume(on_message)
            await exchange.publish(Message(b'before'), 'eur.usd')
            expect('first', await soon(inbox.get()), 'before')
            for turn in ('after', 'after the second cut'):
                reconnected.clear()
                wire.cut()
                await soon(reconnected.wait())
                await publish_until_taken(exchange, turn.encode(), 'eur.usd')
                expect('then', await soon(inbox.get()), turn)


async def topics(url, name):
    async with await aio_pika.connect_robust(url) as connection:
        channel = await connection.channel()
        exchange = await channel.declare_exchange(f'{name}.topics', ExchangeType.TOPIC)
        queues = {}
        for label, patterns in {'eur': ['eur.*'], 'spot': ['*.spot.#', 'all.#']}.items():
            queues[label] = await channel.declare_queue(f'{name}.{label}', auto_delete=True)
            for pattern in patterns:
                await queues[label].bind(exchange, pattern)
        for key in ('eur.usd', 'eur.spot', 'gbp.spot.late', 'all', 'gbp.usd'):
            await exchange.publish(Message(key.encode()), key)
        expect('eur', await take(queues['eur'], 2), ['eur.usd', 'eur.spot'])
        expect('spot', await take(queues['spot'], 3), ['eur.spot', 'gbp.spot.late', 'all'])
        await exchange.delete()


async def rpc(url, name):
    async with await aio_pika.connect_robust(url) as connection:
        async with await connection.channel() as server_channel:
            server = await RPC.create(server_channel)

            async def convert(*, amount, rate):
                if rate <= 0:
                    raise ValueError('no such rate')
                return amount * rate

            await server.register(f'{name}.convert', convert, auto_delete=True)
            async with await connection.channel() as client_channel:
                client = await RPC.create(client_channel)
                calls = [client.call(f'{name}.convert', dict(amount=amount, rate=2))
                         for amount in range(20)]
                expect('answers', await soon(asyncio.gather(*calls)), [2 * n for n in range(20)])
                try:
                    await soon(client.call(f'{name}.convert', dict(amount=1, rate=0)))
                except ValueError as error:
                    expect('error', str(error), 'no such rate')
                else:
                    raise AssertionError('the error was lost')
                await client.close()
            await server.unregister(convert)
            await server.close()


async def master_and_workers(url, name):
    async with await aio_pika.connect_robust(url) as connection:
        done = asyncio.Queue()

        async def book(*, number):
            await done.put(number)

        workers = []
        for _ in range(2):
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=1)
            workers.append(await Master(channel).create_worker(f'{name}.book', book,
                                                               auto_delete=True))
        master = Master(await connection.channel())
        for number in range(30):
            await master.create_task(f'{name}.book', kwargs=dict(number=number))
        numbers = [await soon(done.get()) for _ in range(30)]
        expect('numbers', sorted(numbers), list(range(30)))
        for worker in workers:
            await worker.close()


async def returns(url, name):
    """A publisher hears of what nobody wants, and of what a full queue refuses."""
    async with await aio_pika.connect_robust(url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        try:
            await channel.default_exchange.publish(Message(b'm'), f'{name}.nowhere')
        except DeliveryError as error:
            expect('returned', error.frame.name if error.frame else None, 'Basic.Return')
        else:
            raise AssertionError('nobody heard of it')
        arguments = {'x-max-length': 1, 'x-overflow': 'reject-publish'}
        queue = await channel.declare_queue(f'{name}.full', arguments=arguments)
        await channel.default_exchange.publish(Message(b'kept'), queue.name)
        try:
            await channel.default_exchange.publish(Message(b'refused'), queue.name)
        except DeliveryError as error:
            expect('refused', error.frame.name if error.frame else None, 'Basic.Nack')
        else:
            raise AssertionError('it was not refused')
        expect('in the queue', await take(queue, 1), ['kept'])
        await queue.delete()


async def dead_letters(url, name):
    async with await aio_pika.connect_robust(url) as connection:
        channel = await connection.channel()
        dead = await channel.declare_queue(f'{name}.dead')
        arguments = {'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': dead.name}
        queue = await channel.declare_queue(f'{name}.work', arguments=arguments)
        message = Message(json.dumps({'amount': 5}).encode(), content_type='application/json',
                          delivery_mode=DeliveryMode.PERSISTENT, headers={'kept': 'yes'})
        await channel.default_exchange.publish(message, queue.name)
        incoming = await queue.get(timeout=TIMEOUT)
        try:
            async with incoming.process():
                raise RuntimeError('cannot be booked')
        except RuntimeError:
            pass
        async with dead.iterator() as messages:
            buried = await soon(messages.__anext__())
            await buried.ack()
        death = buried.headers['x-death'][0]
        expect('death', (death['queue'], death['reason'], death['count']),
               (queue.name, 'rejected', 1))
        expect('kept', (buried.headers['kept'], buried.content_type), ('yes', 'application/json'))
        late = Message(b'late', expiration=0.2)
        await channel.default_exchange.publish(late, queue.name)
        expect('expired', await take(dead, 1), ['late'])
        await queue.delete()
        await dead.delete()


async def transactions(url, name):
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=False)
        queue = await channel.declare_queue(f'{name}.booked')
        async with channel.transaction():
            await channel.default_exchange.publish(Message(b'booked'), queue.name)
        try:
            async with channel.transaction():
                await channel.default_exchange.publish(Message(b'never'), queue.name)
                raise RuntimeError('changed my mind')
        except RuntimeError:
            pass
        expect('in the queue', await take(queue, 1), ['booked'])
        expect('nothing else', await queue.get(fail=False), None)
        await queue.delete()


async def take(queue, count):
    """The next messages of a queue, acknowledged."""
    bodies = []
    async with queue.iterator() as messages:
        while len(bodies) < count:
            message = await soon(messages.__anext__())
            await message.ack()
            bodies.append(message.body.decode())
    return bodies


async def publish_until_taken(exchange, body, key):
    """A connection that has just come back may be cut short once more by its old channel."""
    for _ in range(100):
        try:
            return await soon(exchange.publish(Message(body), key))
        except (aio_pika.exceptions.AMQPError, RuntimeError, ConnectionError):
            await asyncio.sleep(0.05)
    raise AssertionError('publishing does not work any more')


def soon(work):
    return asyncio.wait_for(work, TIMEOUT)


def expect(what, received, expected):
    if received != expected:
        raise AssertionError(f'{what}: expected {expected!r}, received {received!r}')


if __name__ == '__main__':
    asyncio.run(globals()[sys.argv[1]](*sys.argv[2:4]))
