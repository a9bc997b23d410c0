import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { distinguishedName, peerNameOf } from '../../src/server/peer-name.ts'
import { makeCertificate } from '../support/certificates.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leveret-peer-name-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

let count = 0

async function certificate(subject: string): Promise<X509Certificate> {
  const { cert } = await makeCertificate(directory, `c${count++}`, { subject })
  return new X509Certificate(await readFile(cert))
}

test.each([
  ['/CN=hare/O=client', 'O=client,CN=hare'],
  ['/CN=a\\,b/O=c "d" <e>; \\\\', 'O=c \\"d\\" \\<e\\>\\; \\\\,CN=a\\,b'],
  ['/CN=# first', 'CN=\\# first'],
  ['/CN=Häse~', 'CN=H\\C3\\A4se\\7E'],
  ['/CN=hare/emailAddress=h@example', 'EMAILADDRESS=h@example,CN=hare'],
  ['/GN=Peter/SN=Rabbit/serialNumber=7', 'SERIALNUMBER=7,SN=Rabbit,GIVENNAME=Peter'],
  [
    '/DC=example/UID=p.rabbit/street=Burrow/title=Dr',
    'TITLE=Dr,STREET=Burrow,UID=p.rabbit,DC=example',
  ],
  ['/CN=hare/postalCode=1', '2.5.4.17=1,CN=hare'],
])('the distinguished name of %s is %s', async (subject, expected) => {
  expect(distinguishedName((await certificate(subject)).subject)).toBe(expected)
})

test('a common name stands for itself, without escapes', async () => {
  const subject = '/CN=a\\,b "Häse" #/O=o'
  expect(peerNameOf(await certificate(subject), { field: 'common_name' })).toBe('a,b "Häse" #')
})

test('several attributes may stand in one place', () => {
  expect(distinguishedName('C=GB\nCN=hare + emailAddress=h@example')).toBe(
    'CN=hare+EMAILADDRESS=h@example,C=GB',
  )
})
