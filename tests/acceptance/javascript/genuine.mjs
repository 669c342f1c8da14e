// Says what the guide's function says of the callback on standard input.

import { readFileSync } from 'node:fs'
import { isGenuine } from './verify.mjs'

const { secret, headers, body } = JSON.parse(readFileSync(0, 'utf8'))
process.stdout.write(String(isGenuine(secret, headers, body)))
