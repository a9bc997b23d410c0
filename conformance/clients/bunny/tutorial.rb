# The tutorial scenarios with Bunny: tutorial.rb SCENARIO URL NAME.
#
# NAME is free for the queue or exchange of this run. Exit code 0 means that everything arrived as
# expected; otherwise the last line on stderr says what did not.

require 'bunny'
require 'rbconfig'
require 'set'
require 'timeout'
require_relative 'log_exchange'

TASKS = (1..6).map { |number| "task #{number}" }
SEVERITIES = %w[info error debug warning error]
FACILITIES = %w[kern.critical kern.info cron.critical cron.info kern.disk.critical kern]
FIBONACCI = { 'call-0' => 0, 'call-1' => 1, 'call-10' => 55, 'call-20' => 6765 }
WAIT_SECONDS = 20

def hello_world(url, name)
  sender = connect(url)
  channel = sender.create_channel
  channel.queue(name)
  channel.default_exchange.publish('Hello World!', routing_key: name)
  sender.close

  receiver = connect(url)
  channel = receiver.create_channel
  queue = channel.queue(name)
  received = Queue.new
  queue.subscribe do |delivery, _properties, body|
    received << [delivery.exchange, delivery.routing_key, delivery.redelivered?, body]
  end
  expect('received', take(received), ['', name, false, 'Hello World!'])
  expect('messages left', queue.message_count, 0)
  queue.delete
  receiver.close
end

def work_queue(url, name)
  connection = connect(url)
  channel = connection.create_channel
  queue = channel.queue(name, durable: true)
  TASKS.each { |task| queue.publish(task, persistent: true) }

  doomed, output = start('worker', url, name)
  expect('first worker took', output.gets, "task 1 redelivered=false\n")
  done = []
  finished = Queue.new
  channel.prefetch(1)
  queue.subscribe(manual_ack: true) do |delivery, properties, body|
    done << [body, delivery.redelivered?, properties.delivery_mode]
    Process.kill(:KILL, doomed) if done.size == TASKS.size - 1
    channel.ack(delivery.delivery_tag)
    finished << done if done.size == TASKS.size
  end
  fresh = TASKS.drop(1).map { |task| [task, false, 2] }
  expect('second worker took', take(finished), fresh + [['task 1', true, 2]])
  expect('first worker also took', output.read, '')
  Process.wait(doomed)

  channel.close
  queue = connection.create_channel.queue(name, durable: true)
  expect('messages left', queue.message_count, 0)
  queue.delete
  connection.close
end

# Takes a task and never acknowledges it. Runs in a process of its own, to be killed.
def worker(url, name)
  channel = connect(url).create_channel
  channel.prefetch(1)
  channel.queue(name, durable: true).subscribe(manual_ack: true, block: true) do |delivery, _, body|
    puts "#{body} redelivered=#{delivery.redelivered?}"
    $stdout.flush
  end
end

def publish_subscribe(url, name)
  publisher = Publisher.new(url, name, :fanout)
  publisher.log('', 'nobody listens yet')
  subscribers = [Subscriber.new(url, name, :fanout, ['']), Subscriber.new(url, name, :fanout, [''])]
  (1..3).each { |number| publisher.log('', "log #{number}") }
  publisher.end(subscribers)

  expect('queue names differ', subscribers[0].queue != subscribers[1].queue, true)
  subscribers.each do |subscriber|
    expect('queue name', subscriber.queue[0, 8], 'amq.gen-')
    expect('received', subscriber.logs, (1..3).map { |number| [name, '', "log #{number}"] })
  end
  publisher.close
end

def routing(url, name)
  publisher = Publisher.new(url, name, :direct)
  disk = Subscriber.new(url, name, :direct, ['error'])
  screen = Subscriber.new(url, name, :direct, %w[info warning error])
  SEVERITIES.each { |severity| publisher.log(severity, "from #{severity}") }
  publisher.end([disk, screen])

  expect('error queue', disk.logs, logged(name, %w[error error]))
  expect('screen queue', screen.logs, logged(name, %w[info error warning error]))
  publisher.close
end

def topics(url, name)
  publisher = Publisher.new(url, name, :topic)
  all = Subscriber.new(url, name, :topic, ['#'])
  kern = Subscriber.new(url, name, :topic, ['kern.*'])
  critical = Subscriber.new(url, name, :topic, ['*.critical'])
  both = Subscriber.new(url, name, :topic, ['kern.*', '*.critical'])
  FACILITIES.each { |facility| publisher.log(facility, "from #{facility}") }
  publisher.end([all, kern, critical, both])

  expect('queue of #', all.logs, logged(name, FACILITIES))
  expect('queue of kern.*', kern.logs, logged(name, %w[kern.critical kern.info]))
  expect('queue of *.critical', critical.logs, logged(name, %w[kern.critical cron.critical]))
  expect('queue of both', both.logs, logged(name, %w[kern.critical kern.info cron.critical]))
  publisher.close
end

def rpc(url, name)
  server = connect(url)
  serve_fibonacci(server.create_channel, name)

  client = connect(url)
  channel = client.create_channel
  reply_queue = channel.queue('', exclusive: true)
  replies = Queue.new
  reply_queue.subscribe { |_, properties, body| replies << [properties.correlation_id, body.to_i] }
  FIBONACCI.each_key do |call|
    number = call.delete_prefix('call-')
    properties = { routing_key: name, reply_to: reply_queue.name, correlation_id: call }
    channel.default_exchange.publish(number, **properties)
  end
  expect('replies', FIBONACCI.map { take(replies) }.to_h, FIBONACCI)
  client.close
  server.create_channel.queue_delete(name)
  server.close
end

def serve_fibonacci(channel, name)
  channel.prefetch(1)
  channel.queue(name).subscribe(manual_ack: true) do |delivery, properties, body|
    reply = { routing_key: properties.reply_to, correlation_id: properties.correlation_id }
    channel.default_exchange.publish(fib(body.to_i).to_s, **reply)
    channel.ack(delivery.delivery_tag)
  end
end

def fib(number)
  number < 2 ? number : fib(number - 1) + fib(number - 2)
end

def confirms(url, name)
  connection = connect(url)
  channel = connection.create_channel
  queue = channel.queue(name)
  channel.confirm_select
  10.times do |number|
    queue.publish("individually #{number}")
    expect("message #{number} confirmed", channel.wait_for_confirms, true)
  end
  expect('messages after individual confirms', queue.message_count, 10)

  2.times do |batch|
    50.times { |number| queue.publish("batch #{batch}.#{number}") }
    expect("batch #{batch} confirmed", channel.wait_for_confirms, true)
  end
  expect('messages after batches', queue.message_count, 110)

  confirm_asynchronously(connection, name)
  expect('messages in the end', queue.message_count, 210)
  queue.delete
  connection.close
end

def confirm_asynchronously(connection, name)
  channel = connection.create_channel
  answers = Queue.new
  channel.confirm_select(->(tag, multiple, nack) { answers << [tag, multiple, nack] })
  100.times do |number|
    channel.default_exchange.publish("asynchronously #{number}", routing_key: name)
  end
  outstanding = Set.new(1..100)
  until outstanding.empty?
    tag, multiple, nack = take(answers)
    expect("confirm of #{tag} is a nack", nack, false)
    expect("message #{tag} is outstanding", outstanding.include?(tag), true)
    outstanding.delete_if { |number| number == tag || (multiple && number < tag) }
  end
end

def connect(url)
  Bunny.new(url, automatically_recover: false).tap(&:start)
end

def take(queue)
  Timeout.timeout(WAIT_SECONDS) { queue.pop }
end

# Starts this program in another role; gives its process id and the pipe of its output.
def start(role, url, name)
  output, input = IO.pipe
  pid = spawn(RbConfig.ruby, __FILE__, role, url, name, out: input)
  input.close
  [pid, output]
end

def expect(what, actual, expected)
  abort("#{what}: #{actual.inspect}, expected #{expected.inspect}") unless actual == expected
end

ROLES = {
  'hello-world' => :hello_world,
  'work-queue' => :work_queue,
  'publish-subscribe' => :publish_subscribe,
  'routing' => :routing,
  'topics' => :topics,
  'rpc' => :rpc,
  'confirms' => :confirms,
  'worker' => :worker
}

begin
  method(ROLES.fetch(ARGV[0])).call(ARGV[1], ARGV[2])
rescue StandardError => error
  abort("#{error.class}: #{error.message}")
end
