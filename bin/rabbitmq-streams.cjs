#!/usr/bin/env node
require('../dist/ctl/main.cjs').control(['rabbitmq-streams', ...process.argv.slice(2)])
