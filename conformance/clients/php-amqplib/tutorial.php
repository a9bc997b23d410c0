<?php

// The tutorial scenarios with php-amqplib: tutorial.php SCENARIO URL NAME.
//
// NAME is free for the queue or exchange of this run. Exit code 0 means that everything arrived as
// expected; otherwise the last line on stderr says what did not.

declare(strict_types=1);

require 'PhpAmqpLib/autoload.php';
require __DIR__ . '/log-exchange.php';

use PhpAmqpLib\Channel\AMQPChannel;
use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Message\AMQPMessage;

const TASKS = ['task 1', 'task 2', 'task 3', 'task 4', 'task 5', 'task 6'];
const SEVERITIES = ['info', 'error', 'debug', 'warning', 'error'];
const FACILITIES = [
    'kern.critical', 'kern.info', 'cron.critical', 'cron.info', 'kern.disk.critical', 'kern',
];
const FIBONACCI = ['call-0' => 0, 'call-1' => 1, 'call-10' => 55, 'call-20' => 6765];
const WAIT_SECONDS = 20;
const KILL = 9; // SIGKILL is only defined where the pcntl extension is

function hello_world(string $url, string $name): void
{
    $sender = connect($url);
    $channel = $sender->channel();
    $channel->queue_declare($name, false, false, false, false);
    $channel->basic_publish(new AMQPMessage('Hello World!'), '', $name);
    $sender->close();

    $receiver = connect($url);
    $channel = $receiver->channel();
    $channel->queue_declare($name, false, false, false, false);
    $received = [];
    $on_message = function ($message) use (&$received) {
        $redelivered = $message->isRedelivered() ? 'again' : 'first';
        $key = $message->getRoutingKey();
        $received[] = "{$message->getExchange()}/{$key}/{$redelivered}/{$message->getBody()}";
    };
    $channel->basic_consume($name, '', false, true, false, false, $on_message);
    $channel->wait(null, false, WAIT_SECONDS);
    expect('received', $received, ["/{$name}/first/Hello World!"]);
    expect('messages left', depth($channel, $name), 0);
    $channel->queue_delete($name);
    $receiver->close();
}

function work_queue(string $url, string $name): void
{
    $connection = connect($url);
    $channel = $connection->channel();
    $channel->queue_declare($name, false, true, false, false);
    foreach (TASKS as $task) {
        $persistent = ['delivery_mode' => AMQPMessage::DELIVERY_MODE_PERSISTENT];
        $channel->basic_publish(new AMQPMessage($task, $persistent), '', $name);
    }

    [$doomed, $output] = start('worker', $url, $name);
    expect('first worker took', fgets($output), "task 1 redelivered=no\n");
    $done = [];
    $on_task = function ($message) use (&$done, $doomed) {
        $done[] = [$message->getBody(), $message->isRedelivered(), $message->get('delivery_mode')];
        if (count($done) === count(TASKS) - 1) {
            proc_terminate($doomed, KILL);
        }
        $message->ack();
    };
    $channel->basic_qos(0, 1, false);
    $channel->basic_consume($name, '', false, false, false, false, $on_task);
    while (count($done) < count(TASKS)) {
        $channel->wait(null, false, WAIT_SECONDS);
    }
    $fresh = array_map(fn ($task) => [$task, false, 2], array_slice(TASKS, 1));
    expect('second worker took', $done, [...$fresh, ['task 1', true, 2]]);
    expect('first worker also took', stream_get_contents($output), '');
    proc_close($doomed);

    $channel->close();
    $channel = $connection->channel();
    expect('messages left', depth($channel, $name), 0);
    $channel->queue_delete($name);
    $connection->close();
}

/** Takes a task and never acknowledges it. Runs in a process of its own, to be killed. */
function worker(string $url, string $name): void
{
    $channel = connect($url)->channel();
    $channel->basic_qos(0, 1, false);
    $channel->basic_consume($name, '', false, false, false, false, function ($message) {
        echo $message->getBody(), ' redelivered=', $message->isRedelivered() ? 'yes' : 'no', "\n";
    });
    $channel->consume();
}

function publish_subscribe(string $url, string $name): void
{
    $publisher = new Publisher($url, $name, 'fanout');
    $publisher->log('', 'nobody listens yet');
    $subscribers = [
        new Subscriber($url, $name, 'fanout', ['']),
        new Subscriber($url, $name, 'fanout', ['']),
    ];
    foreach ([1, 2, 3] as $number) {
        $publisher->log('', "log {$number}");
    }
    $publisher->end($subscribers);

    expect('queue names differ', $subscribers[0]->queue !== $subscribers[1]->queue, true);
    foreach ($subscribers as $subscriber) {
        expect('queue name', substr($subscriber->queue, 0, 8), 'amq.gen-');
        $expected = ["{$name} '' log 1", "{$name} '' log 2", "{$name} '' log 3"];
        expect('received', $subscriber->logs(), $expected);
    }
    $publisher->close();
}

function routing(string $url, string $name): void
{
    $publisher = new Publisher($url, $name, 'direct');
    $disk = new Subscriber($url, $name, 'direct', ['error']);
    $screen = new Subscriber($url, $name, 'direct', ['info', 'warning', 'error']);
    foreach (SEVERITIES as $severity) {
        $publisher->log($severity, "from {$severity}");
    }
    $publisher->end([$disk, $screen]);

    expect('error queue', $disk->logs(), logged($name, ['error', 'error']));
    $shown = ['info', 'error', 'warning', 'error'];
    expect('screen queue', $screen->logs(), logged($name, $shown));
    $publisher->close();
}

function topics(string $url, string $name): void
{
    $publisher = new Publisher($url, $name, 'topic');
    $all = new Subscriber($url, $name, 'topic', ['#']);
    $kern = new Subscriber($url, $name, 'topic', ['kern.*']);
    $critical = new Subscriber($url, $name, 'topic', ['*.critical']);
    $both = new Subscriber($url, $name, 'topic', ['kern.*', '*.critical']);
    foreach (FACILITIES as $facility) {
        $publisher->log($facility, "from {$facility}");
    }
    $publisher->end([$all, $kern, $critical, $both]);

    expect('queue of #', $all->logs(), logged($name, FACILITIES));
    expect('queue of kern.*', $kern->logs(), logged($name, ['kern.critical', 'kern.info']));
    $expected = logged($name, ['kern.critical', 'cron.critical']);
    expect('queue of *.critical', $critical->logs(), $expected);
    $expected = logged($name, ['kern.critical', 'kern.info', 'cron.critical']);
    expect('queue of both', $both->logs(), $expected);
    $publisher->close();
}

function rpc(string $url, string $name): void
{
    $connection = connect($url);
    $channel = $connection->channel();
    $channel->queue_declare($name, false, false, false, false);
    [$server] = start('rpc-server', $url, $name);

    [$reply_queue] = $channel->queue_declare('', false, false, true, false);
    $replies = [];
    $on_reply = function ($reply) use (&$replies) {
        $replies[$reply->get('correlation_id')] = (int) $reply->getBody();
    };
    $channel->basic_consume($reply_queue, '', false, true, false, false, $on_reply);
    foreach (array_keys(FIBONACCI) as $call) {
        $properties = ['reply_to' => $reply_queue, 'correlation_id' => $call];
        $number = substr($call, strlen('call-'));
        $channel->basic_publish(new AMQPMessage($number, $properties), '', $name);
    }
    while (count($replies) < count(FIBONACCI)) {
        $channel->wait(null, false, WAIT_SECONDS);
    }
    ksort($replies);
    expect('replies', $replies, FIBONACCI);
    proc_terminate($server, KILL);
    proc_close($server);
    $channel->queue_delete($name);
    $connection->close();
}

/** Answers with Fibonacci numbers. Runs in a process of its own, until it is killed. */
function rpc_server(string $url, string $name): void
{
    $channel = connect($url)->channel();
    $channel->basic_qos(0, 1, false);
    $channel->basic_consume($name, '', false, false, false, false, function ($request) {
        $properties = ['correlation_id' => $request->get('correlation_id')];
        $reply = new AMQPMessage((string) fib((int) $request->getBody()), $properties);
        $request->getChannel()->basic_publish($reply, '', $request->get('reply_to'));
        $request->ack();
    });
    $channel->consume();
}

function fib(int $number): int
{
    return $number < 2 ? $number : fib($number - 1) + fib($number - 2);
}

function confirms(string $url, string $name): void
{
    $connection = connect($url);
    $channel = $connection->channel();
    $channel->queue_declare($name, false, false, false, false);
    $confirmed = [];
    $channel->set_ack_handler(function ($message) use (&$confirmed) {
        $confirmed[] = $message->getBody();
    });
    $channel->set_nack_handler(fn ($message) => fail("basic.nack of {$message->getBody()}"));
    $channel->confirm_select();

    for ($number = 0; $number < 10; $number++) {
        $channel->basic_publish(new AMQPMessage("individually {$number}"), '', $name);
        $channel->wait_for_pending_acks(WAIT_SECONDS);
        expect('confirmed last', end($confirmed), "individually {$number}");
    }
    expect('messages after individual confirms', depth($channel, $name), 10);

    foreach ([60, 110] as $total) {
        for ($number = 0; $number < 50; $number++) {
            $channel->batch_basic_publish(new AMQPMessage("batch {$number}"), '', $name);
        }
        $channel->publish_batch();
        $channel->wait_for_pending_acks(WAIT_SECONDS);
        expect('confirmed after a batch', count($confirmed), $total);
    }

    // Looks for answers between publishes, without waiting for one that has not come yet.
    $confirmed = [];
    $bodies = array_map(fn ($number) => "asynchronously {$number}", range(0, 99));
    foreach ($bodies as $body) {
        $channel->basic_publish(new AMQPMessage($body), '', $name);
        $channel->wait(null, true);
    }
    $channel->wait_for_pending_acks(WAIT_SECONDS);
    sort($confirmed);
    sort($bodies);
    expect('confirmed asynchronously', $confirmed, $bodies);
    expect('messages in the end', depth($channel, $name), 210);
    $channel->queue_delete($name);
    $connection->close();
}

const ROLES = [
    'hello-world' => 'hello_world',
    'work-queue' => 'work_queue',
    'publish-subscribe' => 'publish_subscribe',
    'routing' => 'routing',
    'topics' => 'topics',
    'rpc' => 'rpc',
    'confirms' => 'confirms',
    'worker' => 'worker',
    'rpc-server' => 'rpc_server',
];

function connect(string $url): AMQPStreamConnection
{
    $part = parse_url($url);
    $vhost = rawurldecode(substr($part['path'] ?? '//', 1));
    $user = rawurldecode($part['user'] ?? 'guest');
    $password = rawurldecode($part['pass'] ?? 'guest');
    return new AMQPStreamConnection($part['host'], $part['port'] ?? 5672, $user, $password, $vhost);
}

function depth(AMQPChannel $channel, string $queue): int
{
    return $channel->queue_declare($queue, true)[1];
}

/** Starts this program in another role; gives the process and the pipe of its output. */
function start(string $role, string $url, string $name): array
{
    $command = [PHP_BINARY, __FILE__, $role, $url, $name];
    $process = proc_open($command, [1 => ['pipe', 'w']], $pipes);
    return [$process, $pipes[1]];
}

function expect(string $what, mixed $actual, mixed $expected): void
{
    if ($actual !== $expected) {
        fail("{$what}: " . json_encode($actual) . ', expected ' . json_encode($expected));
    }
}

function fail(string $reason): never
{
    fwrite(STDERR, "{$reason}\n");
    exit(1);
}

try {
    ROLES[$argv[1]]($argv[2], $argv[3]);
} catch (Throwable $error) {
    fail(get_class($error) . ': ' . $error->getMessage());
}
