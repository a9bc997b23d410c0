import { adminCase, adminCases, type Case } from '../case.ts'

/** What needs no broker, and command lines that are wrong before one is asked. */
export const HELP: readonly Case[] = [
  ...adminCases(
    `--help
    --version
    --bash-completion
    help
    help subcommands
    help config`,
    { isPlaced: true },
  ),
  ...adminCases(`
    help nothing
    nothing
    list nothing
    show nothing
    declare
    declare nothing
    declare queue
    declare queue durable
    declare queue name=x colour=red
    declare user name=x tags=
    declare exchange name=x type=direct arguments={
    delete nothing name=x
    delete queue
    close nothing name=x
    purge nothing name=x
    purge queue
    publish payload=x
    get count=1
    get queue=x count=2 payload_file=x
    export
    import
    --nothing list queues
    --format nothing list users
    --config {directory}/nothing list users
    --config {directory}/admin.conf --node nothing list users`),
]

/** Where the broker is, and who asks, said in each way that there is. */
export const PLACES: readonly Case[] = [
  ...adminCases(
    `--host {host} --port {port} --username guest --password guest list vhosts name
    -H {host} -P {port} -u guest -p guest list vhosts name
    --base-uri http://guest:guest@{host}:{port} list vhosts name
    -U http://guest:guest@{host}:{port}/path list vhosts name
    --base-uri http://guest:wrong@{host}:{port} list vhosts name
    --config {directory}/admin.conf --node here list vhosts name
    -c {directory}/admin.conf -N here list queues name
    -c {directory}/admin.conf -N here declare queue name=of-config
    -c {directory}/admin.conf -N here -V / declare queue name=of-config
    -c {directory}/admin.conf -N here delete queue name=of-config
    -c {directory}/admin.conf -N here -V / delete queue name=of-config
    -c {directory}/admin.conf -N wrong list vhosts name
    -H {host} -P 1 list vhosts`,
    { isPlaced: true },
  ),
  ...adminCases(`
    --path-prefix /elsewhere list vhosts name
    --path-prefix= list vhosts name
    --request-timeout 30 list vhosts name
    -t 30 list vhosts name
    -q list parameters
    --quiet declare queue name=quiet
    --quiet delete queue name=quiet`),
]

/** Who may do what. */
export const ACCESS: readonly Case[] = [
  adminCase('declare user name=nobody password=nobody tags='),
  adminCase('declare user name=manager password=manager tags=management'),
  adminCase('declare user name=maker password=maker tags=policymaker'),
  adminCase('declare user name=watcher password=watcher tags=monitoring'),
  ...adminCases(`
    declare permission vhost=admin user=manager configure=^mine write=.* read=.*
    declare permission vhost=admin user=maker configure= write= read=
    -u guest -p wrong list users
    -u guest -p wrong declare queue name=x
    -u guest -p wrong export {directory}/nothing.json
    -u guest -p wrong show overview
    -u nosuch -p nosuch list queues
    -u nobody -p nobody list queues
    -u nobody -p nobody show overview
    -u manager -p manager list users
    -u manager -p manager -S name list vhosts name
    -u manager -p manager -S name -V admin list queues name
    -u manager -p manager -V / list queues name
    -u manager -p manager list queues name
    -u manager -p manager list nodes name
    -u manager -p manager list permissions
    -u manager -p manager list policies
    -u manager -p manager list operator_policies
    -u manager -p manager list parameters
    -u manager -p manager list vhost_limits
    -u manager -p manager list connections user
    -u manager -p manager -V admin declare queue name=mine
    -u manager -p manager -V admin declare queue name=yours
    -u manager -p manager -V / declare queue name=mine
    -u manager -p manager -V admin publish routing_key=mine payload=x
    -u manager -p manager -V admin -f kvp get queue=mine
    -u manager -p manager -V admin purge queue name=mine
    -u manager -p manager -V admin delete queue name=mine
    -u manager -p manager -V admin delete queue name=q.args
    -u manager -p manager -V admin declare policy name=x pattern=x definition='{"max-length":1}'
    -u manager -p manager declare user name=x password=x tags=
    -u manager -p manager declare vhost name=x
    -u manager -p manager export {directory}/nothing.json
    -u manager -p manager import {directory}/all.json
    -u maker -p maker -V admin declare policy name=x pattern=x definition='{"max-length":1}'
    -u maker -p maker -V admin declare operator_policy name=x pattern=x definition='{"max-length":1}'
    -u maker -p maker -V admin declare parameter component=federation-upstream name=x value={}
    -u maker -p maker -V admin delete policy name=x
    -u watcher -p watcher list users
    -u watcher -p watcher list nodes name
    -u watcher -p watcher -S user list connections user vhost
    -u watcher -p watcher -S name list vhosts name
    -u watcher -p watcher list queues name
    -u watcher -p watcher declare vhost name=x`),
]
