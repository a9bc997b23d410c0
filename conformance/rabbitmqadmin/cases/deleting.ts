import { adminCase, adminCases, type Case } from '../case.ts'

/** Definitions out and in again. */
export const DEFINITIONS: readonly Case[] = [
  adminCase('export {directory}/all.json', { file: 'all.json' }),
  adminCase('-V admin export {directory}/vhost.json', { file: 'vhost.json' }),
  ...adminCases(`
    -q export {directory}/quiet.json
    -V nosuch export {directory}/nosuch.json
    export {directory}/nosuch/all.json
    declare vhost name=copy
    declare permission vhost=copy user=guest configure=.* write=.* read=.*
    -V copy import {directory}/vhost.json
    -V copy -S name list queues name durable
    -V copy -S name list exchanges name type
    -V copy list bindings
    delete vhost name=copy
    import {directory}/all.json
    -q import {directory}/all.json
    import {directory}/nosuch.json
    import {directory}/broken.json
    import {directory}/no-object.json
    import {directory}/wrong-type.json
    import {directory}/no-vhost.json
    -V nosuch import {directory}/vhost.json`),
]

/** Connections closed, and everything deleted, with every option. */
export const DELETING: readonly Case[] = [
  adminCase('close connection name={connection}'),
  ...adminCases(`
    close connection name={connection}
    close connection name=nosuch
    list connections name
    -V admin delete binding source=x.direct destination_type=queue destination=q.classic properties_key=key
    -V admin delete binding source=x.direct destination_type=queue destination=q.classic properties_key=key
    -V admin delete binding source=x.direct destination_type=queue destination=q.classic
    -V admin delete binding source=x.fanout destination_type=exchange destination=x.direct
    -V admin delete binding source=x.direct destination_type=queue destination=nosuch
    -V admin list bindings
    -V admin delete exchange name=x.hash
    -V admin delete exchange name=x.hash
    -V admin delete exchange name=amq.direct
    -V admin delete exchange name='x with space/and%é'
    -V admin delete queue name=q.prio
    -V admin delete queue name=q.prio
    -V admin delete queue name=q.quorum
    -V admin delete queue name='q with space/and%é'
    -V admin delete policy name=p.all
    -V admin delete policy name=p.all
    -V admin delete operator_policy name=o.queues
    -V admin delete operator_policy name=o.queues
    -V admin delete parameter component=federation-upstream name=up
    -V admin delete parameter component=federation-upstream name=up
    -V admin delete parameter component=nosuch name=up
    delete vhost_limit vhost=admin name=max-queues
    list vhost_limits
    delete vhost_limit vhost=admin name=max-queues
    delete vhost_limit vhost=admin name=max-connections
    delete vhost_limit vhost=nosuch name=max-queues
    list vhost_limits
    delete permission vhost=admin user=tagged
    delete permission vhost=admin user=tagged
    delete permission vhost=admin user=nosuch
    delete permission vhost=nosuch user=guest
    delete user name=tagged
    delete user name=tagged
    -V admin -S name list queues name
    -V admin -S name list exchanges name type
    delete vhost name=admin
    delete vhost name=admin
    -S name list vhosts name
    list permissions
    list policies
    list parameters`),
  ...adminCases('list queues', { before: 'disconnect' }),
]
