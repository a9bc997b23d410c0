#!/usr/bin/env node
require('../dist/ctl/main.cjs').control(['rabbitmq-upgrade', ...process.argv.slice(2)])
