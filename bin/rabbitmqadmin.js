#!/usr/bin/env node
import { control } from '../dist/ctl/main.js'

await control(['rabbitmqadmin', ...process.argv.slice(2)])
