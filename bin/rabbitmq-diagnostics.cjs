#!/usr/bin/env node
require('../dist/ctl/main.cjs').control(['rabbitmq-diagnostics', ...process.argv.slice(2)])
