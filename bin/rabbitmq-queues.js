#!/usr/bin/env node
import { control } from '../dist/ctl/main.js'

await control(['rabbitmq-queues', ...process.argv.slice(2)])
