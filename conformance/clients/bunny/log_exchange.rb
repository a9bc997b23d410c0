# Publishers and subscribers of log messages, for the scenarios with an exchange.

# Emits log messages to an exchange.
class Publisher
  def initialize(url, exchange, type)
    @connection = connect(url)
    @channel = @connection.create_channel
    @exchange = @channel.exchange(exchange, type: type, auto_delete: true)
  end

  def log(routing_key, body)
    @exchange.publish(body, routing_key: routing_key)
  end

  # Sends 'end' past the exchange: whatever the exchange routed wrongly comes before it.
  def end(subscribers)
    subscribers.each do |subscriber|
      @channel.default_exchange.publish('end', routing_key: subscriber.queue)
    end
  end

  def close
    @connection.close
  end
end

# Receives log messages in an exclusive queue that the broker names.
class Subscriber
  attr_reader :queue

  def initialize(url, exchange, type, binding_keys)
    @connection = connect(url)
    channel = @connection.create_channel
    exchange = channel.exchange(exchange, type: type, auto_delete: true)
    queue = channel.queue('', exclusive: true)
    @queue = queue.name
    binding_keys.each { |key| queue.bind(exchange, routing_key: key) }
    @messages = Queue.new
    queue.subscribe do |delivery, _properties, body|
      @messages << [delivery.exchange, delivery.routing_key, body]
    end
  end

  def logs
    received = []
    until (message = take(@messages)).last == 'end'
      received << message
    end
    @connection.close
    received
  end
end

# What a subscriber receives if the exchange passes on messages with these routing keys.
def logged(exchange, routing_keys)
  routing_keys.map { |key| [exchange, key, "from #{key}"] }
end
