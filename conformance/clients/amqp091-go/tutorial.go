// The tutorial scenarios with amqp091-go: tutorial SCENARIO URL NAME.
//
// NAME is free for the queue or exchange of this run. Exit code 0 means that everything arrived as
// expected; otherwise the last line on stderr says what did not.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

var (
	tasks      = []string{"task 1", "task 2", "task 3", "task 4", "task 5", "task 6"}
	severities = []string{"info", "error", "debug", "warning", "error"}
	facilities = []string{
		"kern.critical", "kern.info", "cron.critical", "cron.info", "kern.disk.critical", "kern",
	}
	fibonacci = map[string]string{"0": "0", "1": "1", "10": "55", "20": "6765"}
	wait      = 20 * time.Second
)

func helloWorld(url, name string) {
	sender, outgoing := open(url)
	declare(outgoing, name, false)
	publish(outgoing, "", name, amqp.Publishing{Body: []byte("Hello World!")})
	check(sender.Close())

	receiver, channel := open(url)
	declare(channel, name, false)
	message := next(consume(channel, name, true))
	received := []interface{}{
		message.Exchange, message.RoutingKey, message.Redelivered, string(message.Body),
	}
	expect("received", received, []interface{}{"", name, false, "Hello World!"})
	expect("messages left", depth(channel, name), 0)
	remove(channel, name)
	check(receiver.Close())
}

func workQueue(url, name string) {
	connection, channel := open(url)
	declare(channel, name, true)
	for _, task := range tasks {
		message := amqp.Publishing{Body: []byte(task), DeliveryMode: amqp.Persistent}
		publish(channel, "", name, message)
	}

	doomed := exec.Command(os.Args[0], "worker", url, name)
	output, err := doomed.StdoutPipe()
	check(err)
	check(doomed.Start())
	lines := bufio.NewScanner(output)
	lines.Scan()
	expect("first worker took", lines.Text(), "task 1 redelivered=false")

	var done []string
	check(channel.Qos(1, 0, false))
	deliveries := consume(channel, name, false)
	for len(done) < len(tasks) {
		message := next(deliveries)
		done = append(done, describe(string(message.Body), message.Redelivered, message.DeliveryMode))
		if len(done) == len(tasks)-1 {
			check(doomed.Process.Kill())
		}
		check(message.Ack(false))
	}
	var expected []string
	for _, task := range tasks[1:] {
		expected = append(expected, describe(task, false, amqp.Persistent))
	}
	expected = append(expected, describe("task 1", true, amqp.Persistent))
	expect("second worker took", done, expected)
	expect("first worker took more", lines.Scan(), false)
	_ = doomed.Wait() // always an error: it was killed

	check(channel.Close())
	channel, err = connection.Channel()
	check(err)
	expect("messages left", depth(channel, name), 0)
	remove(channel, name)
	check(connection.Close())
}

func describe(task string, redelivered bool, deliveryMode uint8) string {
	return fmt.Sprintf("%s redelivered=%t delivery-mode=%d", task, redelivered, deliveryMode)
}

// worker takes a task and never acknowledges it. It runs in a process of its own, to be killed.
func worker(url, name string) {
	_, channel := open(url)
	check(channel.Qos(1, 0, false))
	for message := range consume(channel, name, false) {
		fmt.Printf("%s redelivered=%t\n", message.Body, message.Redelivered)
	}
}

func publishSubscribe(url, name string) {
	publisher := openPublisher(url, name, "fanout")
	publisher.log("", "nobody listens yet")
	subscribers := []*subscriber{
		subscribe(url, name, "fanout", ""),
		subscribe(url, name, "fanout", ""),
	}
	var expected []string
	for number := 1; number <= 3; number++ {
		body := fmt.Sprintf("log %d", number)
		publisher.log("", body)
		expected = append(expected, fmt.Sprintf("%s %q %s", name, "", body))
	}
	publisher.end(subscribers...)

	expect("queue names differ", subscribers[0].queue != subscribers[1].queue, true)
	for _, subscriber := range subscribers {
		expect("queue name begins", strings.HasPrefix(subscriber.queue, "amq.gen-"), true)
		expect("received", subscriber.logs(), expected)
	}
	publisher.close()
}

func routing(url, name string) {
	publisher := openPublisher(url, name, "direct")
	disk := subscribe(url, name, "direct", "error")
	screen := subscribe(url, name, "direct", "info", "warning", "error")
	for _, severity := range severities {
		publisher.log(severity, "from "+severity)
	}
	publisher.end(disk, screen)

	expect("error queue", disk.logs(), logged(name, "error", "error"))
	expect("screen queue", screen.logs(), logged(name, "info", "error", "warning", "error"))
	publisher.close()
}

func topics(url, name string) {
	publisher := openPublisher(url, name, "topic")
	all := subscribe(url, name, "topic", "#")
	kern := subscribe(url, name, "topic", "kern.*")
	critical := subscribe(url, name, "topic", "*.critical")
	both := subscribe(url, name, "topic", "kern.*", "*.critical")
	for _, facility := range facilities {
		publisher.log(facility, "from "+facility)
	}
	publisher.end(all, kern, critical, both)

	expect("queue of #", all.logs(), logged(name, facilities...))
	expect("queue of kern.*", kern.logs(), logged(name, "kern.critical", "kern.info"))
	expect("queue of *.critical", critical.logs(), logged(name, "kern.critical", "cron.critical"))
	either := logged(name, "kern.critical", "kern.info", "cron.critical")
	expect("queue of both", both.logs(), either)
	publisher.close()
}

func rpc(url, name string) {
	server, requests := open(url)
	declare(requests, name, false)
	served := make(chan bool)
	go func() {
		serveFibonacci(requests, name)
		close(served)
	}()

	client, channel := open(url)
	replyQueue, err := channel.QueueDeclare("", false, false, true, false, nil)
	check(err)
	deliveries := consume(channel, replyQueue.Name, true)
	expected := map[string]string{}
	for number, value := range fibonacci {
		expected["call-"+number] = value
		publish(channel, "", name, amqp.Publishing{
			ReplyTo:       replyQueue.Name,
			CorrelationId: "call-" + number,
			Body:          []byte(number),
		})
	}
	replies := map[string]string{}
	for range fibonacci {
		reply := next(deliveries)
		replies[reply.CorrelationId] = string(reply.Body)
	}
	expect("replies", replies, expected)
	<-served
	remove(channel, name)
	check(client.Close())
	check(server.Close())
}

func serveFibonacci(channel *amqp.Channel, name string) {
	check(channel.Qos(1, 0, false))
	deliveries := consume(channel, name, false)
	for range fibonacci {
		request := next(deliveries)
		number, err := strconv.Atoi(string(request.Body))
		check(err)
		publish(channel, "", request.ReplyTo, amqp.Publishing{
			CorrelationId: request.CorrelationId,
			Body:          []byte(strconv.Itoa(fib(number))),
		})
		check(request.Ack(false))
	}
}

func fib(number int) int {
	if number < 2 {
		return number
	}
	return fib(number-1) + fib(number-2)
}

func confirms(url, name string) {
	connection, channel := open(url)
	declare(channel, name, false)
	check(channel.Confirm(false))
	// The client gives one confirmation per message, in order, however the broker grouped them. Its
	// DeferredConfirmation is no choice here: before version 1.8 it can miss an early confirm
	// (rabbitmq/amqp091-go#182).
	confirmations := channel.NotifyPublish(make(chan amqp.Confirmation, 100))
	tag := uint64(0)
	for number := 0; number < 10; number++ {
		publishTo(channel, name, fmt.Sprintf("individually %d", number))
		tag = expectConfirms(confirmations, tag, 1)
	}
	expect("messages after individual confirms", depth(channel, name), 10)

	for batch := 0; batch < 2; batch++ {
		for number := 0; number < 50; number++ {
			publishTo(channel, name, fmt.Sprintf("batch %d.%d", batch, number))
		}
		tag = expectConfirms(confirmations, tag, 50)
	}
	expect("messages after batches", depth(channel, name), 110)

	confirmed := make(chan bool)
	go func() {
		expectConfirms(confirmations, tag, 100)
		close(confirmed)
	}()
	for number := 0; number < 100; number++ {
		publishTo(channel, name, fmt.Sprintf("asynchronously %d", number))
	}
	<-confirmed
	expect("messages in the end", depth(channel, name), 210)
	remove(channel, name)
	check(connection.Close())
}

// expectConfirms waits for the next confirmations after a tag; it gives the last one's tag.
func expectConfirms(confirmations <-chan amqp.Confirmation, tag uint64, count int) uint64 {
	for ; count > 0; count-- {
		tag++
		select {
		case confirmation := <-confirmations:
			expect("confirmation", confirmation, amqp.Confirmation{DeliveryTag: tag, Ack: true})
		case <-time.After(wait):
			fail(fmt.Sprintf("no confirm of message %d", tag))
		}
	}
	return tag
}

func publishTo(channel *amqp.Channel, queue, body string) {
	publish(channel, "", queue, amqp.Publishing{Body: []byte(body)})
}

func main() {
	roles := map[string]func(url, name string){
		"hello-world":       helloWorld,
		"work-queue":        workQueue,
		"publish-subscribe": publishSubscribe,
		"routing":           routing,
		"topics":            topics,
		"rpc":               rpc,
		"confirms":          confirms,
		"worker":            worker,
	}
	roles[os.Args[1]](os.Args[2], os.Args[3])
}

func expect(what string, actual, expected interface{}) {
	if !reflect.DeepEqual(actual, expected) {
		fail(fmt.Sprintf("%s: %q, expected %q", what, fmt.Sprint(actual), fmt.Sprint(expected)))
	}
}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(reason string) {
	fmt.Fprintln(os.Stderr, reason)
	os.Exit(1)
}
