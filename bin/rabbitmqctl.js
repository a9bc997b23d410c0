#!/usr/bin/env node
import { control } from '../dist/ctl/main.js'

await control(['rabbitmqctl', ...process.argv.slice(2)])
