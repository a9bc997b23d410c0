#!/usr/bin/env node
import { control } from '../dist/ctl/main.js'

await control(['rabbitmq-plugins', ...process.argv.slice(2)])
