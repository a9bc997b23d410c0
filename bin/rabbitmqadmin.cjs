#!/usr/bin/env node
require('../dist/ctl/main.cjs').control(['rabbitmqadmin', ...process.argv.slice(2)])
