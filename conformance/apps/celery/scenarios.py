"""What a Celery application does with its broker: scenarios.py SCENARIO.

The environment is that of shop.py; two workers, first@ and second@, are running. Exit code 0
means that everything was as expected; otherwise the last line on stderr says what was not.
"""

import sys
import time
from datetime import datetime, timedelta, timezone

from celery import chain, chord, group
from celery.exceptions import TaskRevokedError
from celery.result import AsyncResult
from kombu import Queue

import shop
from shop import DIRECTORY, NAME, app

WORKERS = 2
TIMEOUT = 25


def ready():
    """Both workers answer."""
    until('both workers answer', lambda: len(app.control.ping(timeout=0.5)) == WORKERS)


def results():
    expect('sum', shop.add.delay(2, 3).get(timeout=TIMEOUT), 5)
    calls = [shop.add.delay(number, number) for number in range(20)]
    expect('sums', [call.get(timeout=TIMEOUT) for call in calls], [2 * n for n in range(20)])


def errors():
    call = shop.fail.delay('broken')
    try:
        call.get(timeout=TIMEOUT)
    except ValueError as error:
        expect('error', str(error), 'broken')
    else:
        raise AssertionError('the error was lost')
    expect('state', call.state, 'FAILURE')


def retries():
    started = time.time()
    expect('tries', shop.flaky.delay(2).get(timeout=TIMEOUT), 2)
    expect('they took their time', time.time() - started >= 0.6, True)
    try:
        shop.flaky.delay(9).get(timeout=TIMEOUT)
    except RuntimeError as error:
        expect('the last error', str(error), 'not yet')
    else:
        raise AssertionError('it was never given up')
    expect('by itself', shop.lookup.delay().get(timeout=TIMEOUT), 1)


def eta():
    due = datetime.now(timezone.utc) + timedelta(seconds=2)
    late = shop.now.apply_async(eta=due)
    soon = shop.now.apply_async(countdown=0.5)
    at_once = shop.now.delay()
    times = [call.get(timeout=TIMEOUT) for call in (at_once, soon, late)]
    expect('order', times, sorted(times))
    expect('not before', times[2] >= due.timestamp() - 0.05, True)


def expires():
    """A task whose time is over when a worker sees it is revoked."""
    past = datetime.now(timezone.utc) - timedelta(seconds=1)
    call = shop.add.apply_async((1, 1), expires=past)
    expect_revoked(call)


def priorities():
    shop.note.apply_async(('first', 'gate'), priority=0)
    shop.note.apply_async(('first too', 'gate'), priority=0)
    until('the workers are busy', lambda: count_active('shop.note') == WORKERS)
    for priority in (1, 9, 5, 9, 3):
        shop.note.apply_async((f'priority {priority}',), priority=priority)
    # A worker asks for its next task when it is done with this one, so these are all in the queue.
    until('five wait', lambda: depth(f'{NAME}.urgent') == 5)
    app.control.cancel_consumer(f'{NAME}.urgent', destination=[worker('second')], reply=True)
    (DIRECTORY / 'gate').touch()
    until('all are written', lambda: len(lines()) == 7)
    written = [line for line in lines() if line.startswith('priority')]
    expect('order', written, [f'priority {number}' for number in (9, 9, 5, 3, 1)])
    app.control.add_consumer(f'{NAME}.urgent', destination=[worker('second')], reply=True)


def chains():
    expect('chain', chain(shop.add.s(2, 2), shop.add.s(4), shop.multiply.s(8))().get(TIMEOUT), 64)
    linked = shop.add.apply_async((1, 1), link=shop.multiply.s(10))
    expect('with a link', linked.get(timeout=TIMEOUT), 2)


def groups():
    call = group(shop.add.s(number, number) for number in range(10))()
    expect('group', call.get(timeout=TIMEOUT), [2 * number for number in range(10)])
    expect('chunks', shop.add.chunks(zip(range(6), range(6)), 3)().get(timeout=TIMEOUT),
           [[0, 2, 4], [6, 8, 10]])


def chords():
    """Needs results that several can read, so not those of rpc; waits by retries of a task."""
    call = chord([shop.add.s(number, number) for number in range(5)])(shop.total.s())
    expect('chord', call.get(timeout=TIMEOUT), 20)


def revoking():
    waiting = shop.add.apply_async((1, 1), countdown=2)
    until('it is scheduled', lambda: is_scheduled(waiting.id))
    waiting.revoke()
    expect_revoked(waiting)
    running = shop.sleep_long.delay()
    until('it runs', lambda: (DIRECTORY / 'asleep').exists())
    app.control.revoke(running.id, terminate=True, signal='SIGKILL')
    expect_revoked(running)


def inspecting():
    inspect = app.control.inspect(timeout=5, limit=WORKERS)
    names = sorted([worker('first'), worker('second')])
    expect('ping', sorted(inspect.ping()), names)
    expect('registered', 'shop.add' in inspect.registered()[names[0]], True)
    queues = {queue['name'] for queue in inspect.active_queues()[names[0]]}
    expect('queues', {f'{NAME}.default', f'{NAME}.eu', f'{NAME}.urgent'} <= queues, True)
    expect('transport', inspect.stats()[names[0]]['broker']['transport'], 'amqp')
    late = shop.now.apply_async(countdown=3)
    until('it is scheduled', lambda: is_scheduled(late.id))
    late.get(timeout=TIMEOUT)
    only = app.control.inspect(destination=[names[0]], timeout=5, limit=1)
    expect('one worker', list(only.ping()), [names[0]])


def controlling():
    names = sorted([worker('first'), worker('second')])
    answers = app.control.broadcast('remember', {'words': 'hello'}, reply=True, limit=WORKERS,
                                    timeout=5)
    expect('answers', sorted(name for answer in answers for name in answer), names)
    recalled = app.control.inspect(timeout=5, limit=WORKERS)._request('recall')
    expect('recalled', recalled, {name: 'hello' for name in names})
    app.control.broadcast('remember', {'words': 'only you'}, destination=[names[0]], reply=True)
    recalled = app.control.inspect(timeout=5, limit=WORKERS)._request('recall')
    expect('recalled by one', recalled, {names[0]: 'only you', names[1]: 'hello'})
    extra = f'{NAME}.extra'
    app.control.add_consumer(extra, destination=[names[0]], reply=True)
    expect('a queue more', shop.add.apply_async((2, 2), queue=queue_named(extra)).get(TIMEOUT), 4)
    app.control.cancel_consumer(extra, destination=[names[0]], reply=True)
    until('and it is left', lambda: consumers(extra) == 0)
    for rate in ('100/s', '0'):  # and back to no limit
        limits = app.control.rate_limit('shop.add', rate, reply=True, limit=WORKERS, timeout=5)
        expect('rate limit', len(limits), WORKERS)


def routes():
    expect('by topic', shop.ship.delay('books').get(timeout=TIMEOUT), 'shipped books')
    expect('another key', shop.ship.apply_async(('pens',), routing_key='order.eu').get(TIMEOUT),
           'shipped pens')


def everywhere():
    shop.reload.delay('reloaded')
    until('both workers have it', lambda: len(list(DIRECTORY.glob('reloaded.*'))) == WORKERS)


def lost_worker():
    """A task whose process dies goes back to the queue and is tried again."""
    expect('result', shop.crash_once.delay('crashed').get(timeout=TIMEOUT), 'survived')


def dead_letters():
    graveyard = Queue(f'{NAME}.graveyard', shop.dead)
    with app.connection_for_read() as connection:
        queue = graveyard(connection.default_channel)
        queue.declare()
        shop.break_it.delay('unacceptable')
        until('it is buried', lambda: queue.queue_declare(passive=True).message_count == 1)
        message = queue.get()
        death = message.headers['x-death'][0]
        expect('death', (death['queue'], death['reason'], death['count']),
               (f'{NAME}.fragile', 'rejected', 1))
        expect('task', message.headers['task'], 'shop.break_it')
        message.ack()
        queue.delete()


def events():
    seen = []

    def on_event(event):
        seen.append((event['type'], event['uuid']))

    with app.connection_for_read() as connection:
        kinds = ['task-sent', 'task-received', 'task-started', 'task-succeeded']
        receiver = app.events.Receiver(connection, handlers={kind: on_event for kind in kinds})
        with receiver.consumer_context() as (consuming, _, _):
            call = shop.add.delay(1, 2)
            deadline = time.time() + TIMEOUT
            while {kind for kind, task in seen if task == call.id} != set(kinds):
                if time.time() > deadline:
                    raise AssertionError(f'events: only {seen}')
                try:
                    consuming.drain_events(timeout=1)
                except OSError:
                    pass


def many():
    calls = group(shop.add.s(number, 1) for number in range(300))()
    expect('all results', sum(calls.get(timeout=60)), sum(range(1, 301)))


def shutdown():
    """Warm: the runner sees that the processes end by themselves."""
    app.control.shutdown()


def worker(name):
    return f'{name}@{NAME}'


def queue_named(name):
    return Queue(name, routing_key=name)


def lines():
    path = DIRECTORY / 'notes'
    return path.read_text().splitlines() if path.exists() else []


def count_active(task):
    active = app.control.inspect(timeout=5, limit=WORKERS).active() or {}
    return sum(1 for tasks in active.values() for one in tasks if one['name'] == task)


def is_scheduled(task_id):
    scheduled = app.control.inspect(timeout=5, limit=WORKERS).scheduled() or {}
    return any(one['request']['id'] == task_id for tasks in scheduled.values() for one in tasks)


def depth(name):
    return declared(name).message_count


def consumers(name):
    return declared(name).consumer_count


def declared(name):
    with app.connection_for_read() as connection:
        return connection.default_channel.queue_declare(name, passive=True)


def expect_revoked(call: AsyncResult):
    try:
        call.get(timeout=TIMEOUT)
    except TaskRevokedError:
        return
    raise AssertionError('it was not revoked')


def until(what, is_so):
    deadline = time.time() + TIMEOUT
    while not is_so():
        if time.time() > deadline:
            raise AssertionError(f'not within {TIMEOUT} s: {what}')
        time.sleep(0.05)


def expect(what, received, expected):
    if received != expected:
        raise AssertionError(f'{what}: expected {expected!r}, received {received!r}')


if __name__ == '__main__':
    globals()[sys.argv[1]]()
