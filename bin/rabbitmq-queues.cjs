#!/usr/bin/env node
require('../dist/ctl/main.cjs').control(['rabbitmq-queues', ...process.argv.slice(2)])
