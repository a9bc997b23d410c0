import { adminCase, adminCases, type Case } from '../case.ts'

/** A new broker, and every type of object declared with every option. */
export const DECLARING: readonly Case[] = [
  ...adminCases(`
    list connections
    list channels
    list consumers
    list exchanges
    list queues
    list bindings
    list users
    list vhosts
    list permissions
    list nodes name type
    list parameters
    list policies
    list operator_policies
    list vhost_limits
    show overview cluster_name object_totals.queues
    declare vhost name=admin
    declare vhost name=traced tracing=true
    -S name -f kvp list vhosts name tracing
    declare vhost name=traced tracing=false
    declare vhost name=a/b%20c
    declare vhost name='a/b c'
    -V admin declare queue name=q
    declare user name=admin password=secret tags=administrator
    declare user name=tagged password=secret tags=monitoring,policymaker
    declare user name=hashed password_hash=kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR tags=
    declare user name=sha512 password=secret tags=management hashing_algorithm=rabbit_password_hashing_sha512
    declare user name=md5 password=secret tags=management hashing_algorithm=rabbit_password_hashing_md5
    declare user name=wrong password_hash=secret tags=
    declare user name=wrong password=a password_hash=kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR tags=
    declare permission vhost=admin user=admin configure=.* write=.* read=.*
    declare permission vhost=admin user=guest configure=.* write=.* read=.*
    declare permission vhost=admin user=tagged configure=^$ write=^amq\\. read=^(a|b)
    declare permission vhost=admin user=nosuch configure= write= read=
    declare permission vhost=nosuch user=admin configure= write= read=
    declare permission vhost=admin user=admin configure=( write= read=
    declare permission vhost=traced user=guest configure=.* write=.* read=.*
    -u sha512 -p secret list vhosts name
    -u md5 -p secret list vhosts name
    -u hashed -p test12 list vhosts name`),
  ...exchanges(),
  ...queues(),
  ...bindings(),
  ...policies(),
]

function exchanges(): readonly Case[] {
  return adminCases(`
    -V admin declare exchange name=x.direct type=direct
    -V admin declare exchange name=x.fanout type=fanout auto_delete=true durable=false
    -V admin declare exchange name=x.topic type=topic internal=true
    -V admin declare exchange name=x.headers type=headers arguments='{"alternate-exchange":"x.direct"}'
    -V admin declare exchange name=x.hash type=x-consistent-hash arguments='{"hash-header":"h"}'
    -V admin declare exchange name=x.random type=x-random
    -V admin declare exchange name=x.history type=x-recent-history
    -V admin declare exchange name='x with space/and%é' type=direct
    --vhost=admin declare exchange name=x.direct type=direct
    --vhost=admin declare exchange name=x.direct type=fanout
    --vhost=admin declare exchange name=x.direct type=direct durable=false
    --vhost=admin declare exchange name=amq.mine type=direct
    --vhost=admin declare exchange name=x type=nosuch
    --vhost=admin declare exchange name=x type=direct durable=maybe
    --vhost=nosuch declare exchange name=x type=direct`)
}

function queues(): readonly Case[] {
  return adminCases(`
    -V admin declare queue name=q.classic
    -V admin declare queue name=q.quorum queue_type=quorum
    -V admin declare queue name=q.typed queue_type=classic
    -V admin declare queue name=q.transient durable=false
    -V admin declare queue name=q.auto auto_delete=true
    -V admin declare queue name=q.args arguments='{"x-max-length":100,"x-message-ttl":60000,"x-dead-letter-exchange":"x.direct","x-overflow":"reject-publish"}'
    -V admin declare queue name=q.prio arguments='{"x-max-priority":5}'
    -V admin declare queue name=q.lazy arguments='{"x-queue-mode":"lazy"}'
    -V admin declare queue name=q.sac arguments='{"x-single-active-consumer":true}'
    -V admin declare queue name=q.node node={node}
    -V admin declare queue name=q.elsewhere node=rabbit@nosuch
    -V admin declare queue name='q with space/and%é'
    -V a/b%20c declare queue name=q
    -V 'a/b c' declare queue name=q
    -V admin declare queue name=q.classic
    -V admin declare queue name=q.classic durable=false
    -V admin declare queue name=q.classic arguments='{"x-max-length":1}'
    -V admin declare queue name=amq.mine
    -V admin declare queue name=x arguments='{"x-max-length":"many"}'
    -V admin declare queue name=x arguments='{"x-nosuch":1}'
    -V admin declare queue name=x arguments='{"x-overflow":"explode"}'
    -V admin declare queue name=x queue_type=nosuch
    -V admin declare queue name=x durable=maybe
    -V admin declare queue name=x queue_type=quorum durable=false
    -V nosuch declare queue name=x`)
}

function bindings(): readonly Case[] {
  return adminCases(`
    -V admin declare binding source=x.direct destination=q.classic routing_key=key
    -V admin declare binding source=x.direct destination=q.classic
    -V admin declare binding source=x.fanout destination=q.classic destination_type=queue
    -V admin declare binding source=x.fanout destination=x.direct destination_type=exchange
    -V admin declare binding source=x.topic destination=q.quorum routing_key=a.*.#
    -V admin declare binding source=x.headers destination=q.classic arguments='{"x-match":"any","a":1,"b":"two"}'
    -V admin declare binding source=x.direct destination='q with space/and%é' routing_key='k/e y%é'
    -V admin declare binding source=x.direct destination=nosuch
    -V admin declare binding source=nosuch destination=q.classic
    -V admin declare binding source=x.direct destination=q.classic destination_type=cloud
    -V nosuch declare binding source=x.direct destination=q.classic`)
}

function policies(): readonly Case[] {
  const definition = `'{"max-length":1000,"message-ttl":60000}'`
  return [
    ...adminCases(`
    -V admin declare policy name=p.queues pattern=^q definition=${definition} priority=3 apply-to=queues
    -V admin declare policy name=p.exchanges pattern=^x definition='{"alternate-exchange":"amq.fanout"}' priority=2 apply-to=exchanges
    -V admin declare policy name=p.all pattern=.* definition='{"max-length":100000}'
    -V admin declare policy name=p.wrong pattern=( definition='{"max-length":1}'
    -V admin declare policy name=p.wrong pattern=x definition='{"nosuch":1}'
    -V admin declare policy name=p.wrong pattern=x definition='{"max-length":"many"}'
    -V admin declare policy name=p.wrong pattern=x definition={}
    -V admin declare policy name=p.wrong pattern=x definition='{"max-length":1}' priority='"high"'
    -V admin declare policy name=p.wrong pattern=x definition='{"max-length":1}' apply-to=clouds
    -V nosuch declare policy name=p pattern=x definition='{"max-length":1}'
    -V admin declare operator_policy name=o.queues pattern=^q definition='{"max-length":500}' priority=1 apply-to=queues
    -V admin declare operator_policy name=o.wrong pattern=x definition='{"alternate-exchange":"x"}'
    -V nosuch declare operator_policy name=o pattern=x definition='{"max-length":1}'
    declare vhost_limit vhost=admin name=max-connections value=100
    declare vhost_limit vhost=admin name=max-queues value=200
    declare vhost_limit vhost=traced name=max-queues value=-1
    declare vhost_limit vhost=admin name=nosuch value=1
    declare vhost_limit vhost=admin name=max-queues value='"many"'
    declare vhost_limit vhost=nosuch name=max-queues value=1
    -V admin declare parameter component=nosuch name=p value=1
    -V nosuch declare parameter component=federation-upstream name=up value='{"uri":"amqp://localhost"}'`),
    adminCase(
      `-V admin declare parameter component=federation-upstream name=up value='{"uri":"amqp://localhost","expires":3600000}'`,
    ),
  ]
}
