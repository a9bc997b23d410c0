#!/usr/bin/env node
import { control } from '../dist/ctl/main.js'

await control(['rabbitmq-diagnostics', ...process.argv.slice(2)])
