<?php

// Publishers and subscribers of log messages, for the scenarios with an exchange.

declare(strict_types=1);

use PhpAmqpLib\Message\AMQPMessage;

/** Emits log messages to an exchange. */
final class Publisher
{
    private readonly mixed $connection;
    private readonly mixed $channel;

    public function __construct(string $url, private readonly string $exchange, string $type)
    {
        $this->connection = connect($url);
        $this->channel = $this->connection->channel();
        $this->channel->exchange_declare($exchange, $type, false, false, true);
    }

    public function log(string $routing_key, string $body): void
    {
        $this->channel->basic_publish(new AMQPMessage($body), $this->exchange, $routing_key);
    }

    /** Sends 'end' past the exchange: whatever the exchange routed wrongly comes before it. */
    public function end(array $subscribers): void
    {
        foreach ($subscribers as $subscriber) {
            $this->channel->basic_publish(new AMQPMessage('end'), '', $subscriber->queue);
        }
    }

    public function close(): void
    {
        $this->connection->close();
    }
}

/** Receives log messages in an exclusive queue that the broker names. */
final class Subscriber
{
    public readonly string $queue;
    private readonly mixed $connection;
    private readonly mixed $channel;
    private array $received = [];
    private bool $ended = false;

    public function __construct(string $url, string $exchange, string $type, array $binding_keys)
    {
        $this->connection = connect($url);
        $this->channel = $this->connection->channel();
        $this->channel->exchange_declare($exchange, $type, false, false, true);
        [$this->queue] = $this->channel->queue_declare('', false, false, true, false);
        foreach ($binding_keys as $key) {
            $this->channel->queue_bind($this->queue, $exchange, $key);
        }
        $on_message = fn ($message) => $this->receive($message);
        $this->channel->basic_consume($this->queue, '', false, true, false, false, $on_message);
    }

    public function logs(): array
    {
        while (!$this->ended) {
            $this->channel->wait(null, false, WAIT_SECONDS);
        }
        $this->connection->close();
        return $this->received;
    }

    private function receive(AMQPMessage $message): void
    {
        if ($message->getBody() === 'end') {
            $this->ended = true;
            return;
        }
        $from = "{$message->getExchange()} '{$message->getRoutingKey()}'";
        $this->received[] = "{$from} {$message->getBody()}";
    }
}

/** What a subscriber receives if the exchange passes on messages with these routing keys. */
function logged(string $exchange, array $routing_keys): array
{
    return array_map(fn ($key) => "{$exchange} '{$key}' from {$key}", $routing_keys);
}
