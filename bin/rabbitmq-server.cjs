#!/usr/bin/env node
void import('../dist/cli/main.js')
