"""The tutorial scenarios with aio-pika: tutorial.py SCENARIO URL NAME.

NAME is free for the queue or exchange of this run. Exit code 0 means that everything arrived as
expected; otherwise the last line on stderr says what did not.
"""

import asyncio
import os
import sys

from aio_pika import DeliveryMode, ExchangeType, Message, connect

TASKS = [f'task {number}' for number in range(1, 7)]
SEVERITIES = ['info', 'error', 'debug', 'warning', 'error']
FACILITIES = [
    'kern.critical', 'kern.info', 'cron.critical', 'cron.info', 'kern.disk.critical', 'kern',
]
FIBONACCI = {0: 0, 1: 1, 10: 55, 20: 6765}


async def hello_world(url, name):
    sender = await connect(url)
    async with sender:
        channel = await sender.channel()
        await channel.declare_queue(name)
        await channel.default_exchange.publish(Message(b'Hello World!'), routing_key=name)

    receiver = await connect(url)
    async with receiver:
        channel = await receiver.channel()
        queue = await channel.declare_queue(name)
        async with queue.iterator(no_ack=True) as messages:
            message = await messages.__anext__()
        received = (message.exchange, message.routing_key, message.redelivered, message.body)
        expect('received', received, ('', name, False, b'Hello World!'))
        expect('messages left', await depth(channel, name), 0)
        await queue.delete()


async def work_queue(url, name):
    connection = await connect(url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(name, durable=True)
        for task in TASKS:
            message = Message(task.encode(), delivery_mode=DeliveryMode.PERSISTENT)
            await channel.default_exchange.publish(message, routing_key=name)

        command = [sys.executable, '-B', __file__, 'worker', url, name]
        doomed = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        expect('first worker took', await doomed.stdout.readline(), b'task 1 redelivered=False\n')

        done = []
        await channel.set_qos(prefetch_count=1)
        async with queue.iterator() as messages:
            async for message in messages:
                async with message.process():
                    done.append((message.body.decode(), message.redelivered, message.delivery_mode))
                    if len(done) == len(TASKS) - 1:
                        doomed.kill()
                if len(done) == len(TASKS):
                    break
        fresh = [(task, False, DeliveryMode.PERSISTENT) for task in TASKS[1:]]
        expect('second worker took', done, [*fresh, ('task 1', True, DeliveryMode.PERSISTENT)])
        expect('first worker also took', await doomed.stdout.read(), b'')
        await doomed.wait()

        await channel.close()
        channel = await connection.channel()
        expect('messages left', await depth(channel, name), 0)
        await channel.queue_delete(name)


async def worker(url, name):
    """Takes a task and never acknowledges it. Runs in a process of its own, to be killed."""
    connection = await connect(url)
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=1)
    queue = await channel.get_queue(name)
    async with queue.iterator() as messages:
        async for message in messages:
            print(f'{message.body.decode()} redelivered={message.redelivered}', flush=True)


async def publish_subscribe(url, name):
    publisher = await Publisher.open(url, name, ExchangeType.FANOUT)
    await publisher.log('', 'nobody listens yet')
    subscribers = [await Subscriber.open(url, name, ExchangeType.FANOUT, ['']) for _ in range(2)]
    for number in range(1, 4):
        await publisher.log('', f'log {number}')
    await publisher.end(subscribers)

    expect('queue names differ', subscribers[0].name != subscribers[1].name, True)
    for subscriber in subscribers:
        expect('queue name', subscriber.name[:8], 'amq.gen-')
        logged = [f'{name} "" log {number}' for number in range(1, 4)]
        expect('received', await subscriber.logs(), logged)
    await publisher.close()


async def routing(url, name):
    publisher = await Publisher.open(url, name, ExchangeType.DIRECT)
    disk = await Subscriber.open(url, name, ExchangeType.DIRECT, ['error'])
    screen = await Subscriber.open(url, name, ExchangeType.DIRECT, ['info', 'warning', 'error'])
    for severity in SEVERITIES:
        await publisher.log(severity, f'an {severity} message')
    await publisher.end([disk, screen])

    def logged(severities):
        return [f'{name} "{severity}" an {severity} message' for severity in severities]

    expect('error queue', await disk.logs(), logged(['error', 'error']))
    expect('screen queue', await screen.logs(), logged(['info', 'error', 'warning', 'error']))
    await publisher.close()


async def topics(url, name):
    publisher = await Publisher.open(url, name, ExchangeType.TOPIC)
    patterns = [['#'], ['kern.*'], ['*.critical'], ['kern.*', '*.critical']]
    subscribers = [await Subscriber.open(url, name, ExchangeType.TOPIC, keys) for keys in patterns]
    for facility in FACILITIES:
        await publisher.log(facility, f'from {facility}')
    await publisher.end(subscribers)

    expected = [
        FACILITIES,
        ['kern.critical', 'kern.info'],
        ['kern.critical', 'cron.critical'],
        ['kern.critical', 'kern.info', 'cron.critical'],
    ]
    for keys, subscriber, facilities in zip(patterns, subscribers, expected):
        logged = [f'{name} "{facility}" from {facility}' for facility in facilities]
        expect(f'queue of {keys}', await subscriber.logs(), logged)
    await publisher.close()


async def rpc(url, name):
    server = await connect(url)
    requests = await (await server.channel()).declare_queue(name)
    serving = asyncio.create_task(rpc_server(requests))

    client = await connect(url)
    channel = await client.channel()
    reply_queue = await channel.declare_queue(exclusive=True)
    replies = {}
    async with reply_queue.iterator(no_ack=True) as answers:
        for number in FIBONACCI:
            message = Message(
                str(number).encode(),
                reply_to=reply_queue.name,
                correlation_id=f'call-{number}',
            )
            await channel.default_exchange.publish(message, routing_key=name)
        async for answer in answers:
            replies[answer.correlation_id] = int(answer.body)
            if len(replies) == len(FIBONACCI):
                break
    expect('replies', replies, {f'call-{number}': value for number, value in FIBONACCI.items()})
    await channel.queue_delete(name)
    await client.close()
    await serving
    await server.close()


async def rpc_server(requests):
    await requests.channel.basic_qos(prefetch_count=1)
    async with requests.iterator() as messages:
        served = 0
        async for request in messages:
            async with request.process():
                answer = Message(
                    str(fib(int(request.body))).encode(),
                    correlation_id=request.correlation_id,
                )
                await request.channel.basic_publish(
                    answer.body,
                    routing_key=request.reply_to,
                    properties=answer.properties,
                )
            served += 1
            if served == len(FIBONACCI):
                break


def fib(number):
    return number if number < 2 else fib(number - 1) + fib(number - 2)


async def confirms(url, name):
    connection = await connect(url)
    async with connection:
        channel = await connection.channel(publisher_confirms=True)
        await channel.declare_queue(name)

        async def publish(body):
            # Gives the basic.ack of the broker; raises if that was a basic.nack.
            confirm = await channel.default_exchange.publish(Message(body.encode()), name)
            expect(f'confirm of {body}', type(confirm).__name__, 'Ack')

        for number in range(10):
            await publish(f'individually {number}')
        expect('messages after individual confirms', await depth(channel, name), 10)

        for batch in range(2):
            await asyncio.gather(*[publish(f'batch {batch}.{number}') for number in range(50)])
        expect('messages after batches', await depth(channel, name), 110)

        confirmed = []
        publishing = set()
        for number in range(100):
            task = asyncio.create_task(publish(f'asynchronously {number}'))
            task.add_done_callback(lambda task, number=number: confirmed.append(number))
            publishing.add(task)
        await asyncio.gather(*publishing)
        expect('confirmed asynchronously', sorted(confirmed), list(range(100)))
        expect('messages in the end', await depth(channel, name), 210)
        await channel.queue_delete(name)


class Publisher:
    """Emits log messages to an exchange."""

    @classmethod
    async def open(cls, url, exchange, exchange_type):
        publisher = cls()
        publisher.connection = await connect(url)
        publisher.channel = await publisher.connection.channel()
        publisher.exchange = await publisher.channel.declare_exchange(
            exchange, exchange_type, auto_delete=True)
        return publisher

    async def log(self, routing_key, body):
        await self.exchange.publish(Message(body.encode()), routing_key, mandatory=False)

    async def end(self, subscribers):
        """Sends 'end' past the exchange: whatever the exchange routed wrongly comes before it."""
        for subscriber in subscribers:
            await self.channel.default_exchange.publish(Message(b'end'), subscriber.name)

    async def close(self):
        await self.connection.close()


class Subscriber:
    """Receives log messages in an exclusive queue that the broker names."""

    @classmethod
    async def open(cls, url, exchange_name, exchange_type, binding_keys):
        subscriber = cls()
        subscriber.connection = await connect(url)
        channel = await subscriber.connection.channel()
        exchange = await channel.declare_exchange(exchange_name, exchange_type, auto_delete=True)
        subscriber.queue = await channel.declare_queue(exclusive=True)
        subscriber.name = subscriber.queue.name
        for key in binding_keys:
            await subscriber.queue.bind(exchange, routing_key=key)
        subscriber.messages = subscriber.queue.iterator(no_ack=True)
        await subscriber.messages.consume()
        return subscriber

    async def logs(self):
        received = []
        async for message in self.messages:
            if message.body == b'end':
                break
            received.append(f'{message.exchange} "{message.routing_key}" {message.body.decode()}')
        await self.connection.close()
        return received


async def depth(channel, name):
    return (await channel.declare_queue(name, passive=True)).declaration_result.message_count


def expect(what, actual, expected):
    if actual != expected:
        raise AssertionError(f'{what}: {actual!r}, expected {expected!r}')


ROLES = {
    'hello-world': hello_world,
    'work-queue': work_queue,
    'publish-subscribe': publish_subscribe,
    'routing': routing,
    'topics': topics,
    'rpc': rpc,
    'confirms': confirms,
    'worker': worker,
}

if __name__ == '__main__':
    try:
        asyncio.run(ROLES[sys.argv[1]](sys.argv[2], sys.argv[3]))
    except Exception as error:
        # Leaves at once: what asyncio says about unfinished tasks would hide the reason.
        print(f'{type(error).__name__}: {error}', file=sys.stderr, flush=True)
        os._exit(1)
