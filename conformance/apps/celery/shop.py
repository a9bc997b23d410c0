"""The tasks of a shop, as people write them for Celery.

The environment says where the broker is (SHOP_BROKER), what the names of this run begin with
(SHOP_NAME), where tasks leave their traces (SHOP_DIRECTORY) and where results go (SHOP_RESULTS).
"""

import os
import time
from pathlib import Path

from celery import Celery
from celery.exceptions import Reject
from celery.worker.control import control_command, inspect_command
from kombu import Exchange, Queue
from kombu.common import Broadcast

NAME = os.environ['SHOP_NAME']
DIRECTORY = Path(os.environ['SHOP_DIRECTORY'])

orders = Exchange(f'{NAME}.orders', type='topic')
dead = Exchange(f'{NAME}.dead', type='fanout')

app = Celery('shop', broker=os.environ['SHOP_BROKER'], backend=os.environ['SHOP_RESULTS'])
app.conf.update(
    task_default_queue=f'{NAME}.default',
    task_queues=[
        Queue(f'{NAME}.default', Exchange(f'{NAME}.default'), routing_key=f'{NAME}.default'),
        Queue(f'{NAME}.eu', orders, routing_key='order.eu.#'),
        Queue(f'{NAME}.urgent', Exchange(f'{NAME}.urgent'), routing_key='urgent',
              queue_arguments={'x-max-priority': 10}),
        Queue(f'{NAME}.fragile', Exchange(f'{NAME}.fragile'), routing_key='fragile',
              queue_arguments={'x-dead-letter-exchange': dead.name}),
        Broadcast(f'{NAME}.everywhere'),
    ],
    task_routes={
        'shop.ship': {'exchange': orders.name, 'routing_key': 'order.eu.berlin'},
        'shop.note': {'queue': f'{NAME}.urgent'},
        'shop.break_it': {'queue': f'{NAME}.fragile'},
        'shop.reload': {'queue': f'{NAME}.everywhere', 'exchange': f'{NAME}.everywhere'},
    },
    control_exchange=f'{NAME}.control',
    event_exchange=f'{NAME}.events',
    result_expires=300,
    worker_prefetch_multiplier=1,
    worker_send_task_events=True,
    task_send_sent_event=True,
    task_track_started=True,
    broker_connection_retry_on_startup=True,
)


@app.task
def add(x, y):
    return x + y


@app.task
def multiply(x, y):
    return x * y


@app.task
def total(numbers):
    return sum(numbers)


@app.task
def now():
    return time.time()


@app.task
def fail(words):
    raise ValueError(words)


@app.task(bind=True, max_retries=3)
def flaky(self, failures):
    """Fails so many times, then tells how often it was tried."""
    if self.request.retries < failures:
        raise self.retry(countdown=0.3, exc=RuntimeError('not yet'))
    return self.request.retries


@app.task(bind=True, autoretry_for=(ConnectionError,), retry_backoff=1, retry_jitter=False,
          retry_kwargs={'max_retries': 1})
def lookup(self):
    if self.request.retries == 0:
        raise ConnectionError('no route')
    return self.request.retries


@app.task
def ship(order):
    return f'shipped {order}'


@app.task(acks_late=True)
def note(line, gate=None):
    """Writes a line; with a gate only when somebody has opened it."""
    deadline = time.time() + 30
    while gate is not None and not (DIRECTORY / gate).exists():
        if time.time() > deadline:
            raise TimeoutError(gate)
        time.sleep(0.02)
    with open(DIRECTORY / 'notes', 'a') as notes:
        notes.write(f'{line}\n')


@app.task(acks_late=True, reject_on_worker_lost=True)
def crash_once(mark):
    """Takes its process down at the first try."""
    if not (DIRECTORY / mark).exists():
        (DIRECTORY / mark).touch()
        os._exit(1)
    return 'survived'


@app.task(bind=True, acks_late=True)
def break_it(self, words):
    raise Reject(words, requeue=False)


@app.task(bind=True)
def reload(self, mark):
    (DIRECTORY / f'{mark}.{self.request.hostname}').touch()


@app.task
def sleep_long():
    (DIRECTORY / 'asleep').touch()
    time.sleep(60)


@control_command(args=[('words', str)])
def remember(state, words):
    state.remembered = words
    return {'remembered': words}


@inspect_command()
def recall(state):
    return getattr(state, 'remembered', None)
