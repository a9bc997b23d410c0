#!/usr/bin/env node
require('../dist/ctl/main.cjs').control(['rabbitmqctl', ...process.argv.slice(2)])
