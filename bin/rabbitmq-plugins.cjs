#!/usr/bin/env node
require('../dist/ctl/main.cjs').control(['rabbitmq-plugins', ...process.argv.slice(2)])
