package main

import (
	"context"
	"fmt"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

func open(url string) (*amqp.Connection, *amqp.Channel) {
	connection, err := amqp.Dial(url)
	check(err)
	channel, err := connection.Channel()
	check(err)
	return connection, channel
}

func declare(channel *amqp.Channel, queue string, durable bool) {
	_, err := channel.QueueDeclare(queue, durable, false, false, false, nil)
	check(err)
}

func remove(channel *amqp.Channel, queue string) {
	_, err := channel.QueueDelete(queue, false, false, false)
	check(err)
}

func depth(channel *amqp.Channel, name string) int {
	queue, err := channel.QueueInspect(name)
	check(err)
	return queue.Messages
}

func publish(channel *amqp.Channel, exchange, routingKey string, message amqp.Publishing) {
	ctx := context.Background()
	check(channel.PublishWithContext(ctx, exchange, routingKey, false, false, message))
}

func consume(channel *amqp.Channel, queue string, autoAck bool) <-chan amqp.Delivery {
	deliveries, err := channel.Consume(queue, "", autoAck, false, false, false, nil)
	check(err)
	return deliveries
}

func next(deliveries <-chan amqp.Delivery) amqp.Delivery {
	select {
	case delivery, ok := <-deliveries:
		if !ok {
			fail("the channel was closed while a message was expected")
		}
		return delivery
	case <-time.After(wait):
		fail("no message came")
	}
	return amqp.Delivery{}
}

// publisher emits log messages to an exchange.
type publisher struct {
	connection *amqp.Connection
	channel    *amqp.Channel
	exchange   string
}

func openPublisher(url, exchange, kind string) *publisher {
	connection, channel := open(url)
	check(channel.ExchangeDeclare(exchange, kind, false, true, false, false, nil))
	return &publisher{connection, channel, exchange}
}

func (p *publisher) log(routingKey, body string) {
	publish(p.channel, p.exchange, routingKey, amqp.Publishing{Body: []byte(body)})
}

// end sends "end" past the exchange: whatever the exchange routed wrongly comes before it.
func (p *publisher) end(subscribers ...*subscriber) {
	for _, subscriber := range subscribers {
		publish(p.channel, "", subscriber.queue, amqp.Publishing{Body: []byte("end")})
	}
}

func (p *publisher) close() {
	check(p.connection.Close())
}

// subscriber receives log messages in an exclusive queue that the broker names.
type subscriber struct {
	connection *amqp.Connection
	queue      string
	deliveries <-chan amqp.Delivery
}

func subscribe(url, exchange, kind string, bindingKeys ...string) *subscriber {
	connection, channel := open(url)
	check(channel.ExchangeDeclare(exchange, kind, false, true, false, false, nil))
	queue, err := channel.QueueDeclare("", false, false, true, false, nil)
	check(err)
	for _, key := range bindingKeys {
		check(channel.QueueBind(queue.Name, key, exchange, false, nil))
	}
	return &subscriber{connection, queue.Name, consume(channel, queue.Name, true)}
}

func (s *subscriber) logs() []string {
	var received []string
	for {
		message := next(s.deliveries)
		body := string(message.Body)
		if body == "end" {
			break
		}
		received = append(received, fmt.Sprintf("%s %q %s", message.Exchange, message.RoutingKey, body))
	}
	check(s.connection.Close())
	return received
}

// logged is what a subscriber receives if the exchange passes on messages with these keys.
func logged(exchange string, routingKeys ...string) []string {
	var messages []string
	for _, key := range routingKeys {
		messages = append(messages, fmt.Sprintf("%s %q from %s", exchange, key, key))
	}
	return messages
}
