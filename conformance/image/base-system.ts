import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bareImage, type Image } from './image.ts'

const run = promisify(execFile)

/** Debian's minimal system stands for its image, with this machine's Node for Node's. */
export async function baseSystem(name: string, root: string): Promise<Image> {
  const [, node, release] = /^(?:debian:|(node):20-)(\w+)-slim$/.exec(name) ?? []
  if (release === undefined) throw new Error(`no image ${name}`)
  await copyTree(await debian(release), root)
  if (node !== undefined) await addNode(root)
  return bareImage(root)
}

/** With owners and modes as they are. */
export async function copyTree(from: string, to: string): Promise<void> {
  await run('cp', ['-a', `${from}/.`, to])
}

/** Kept from run to run: it does not change with what is tested. */
async function debian(release: string): Promise<string> {
  const directory = join(tmpdir(), `leveret-${release}`)
  if (existsSync(directory)) return directory
  const making = `${directory}-${process.pid}`
  await run('debootstrap', ['--variant=minbase', release, making, await mirror()], {
    maxBuffer: 1 << 26,
  })
  await rename(making, directory).catch(() => rm(making, { recursive: true })) // another was first
  return directory
}

/** The first one that apt has on this machine. */
async function mirror(): Promise<string> {
  for (const path of ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list']) {
    const text = await readFile(path, 'utf8').catch(() => '')
    const [, address] = /^(?:URIs:|deb)\s+(?:\[.*\]\s+)?(\S+)/m.exec(text) ?? []
    if (address !== undefined) return address
  }
  return 'http://deb.debian.org/debian'
}

async function addNode(root: string): Promise<void> {
  const bin = join(root, 'usr/local/bin')
  const modules = join(root, 'usr/local/lib/node_modules')
  await mkdir(join(modules, 'npm'), { recursive: true })
  await cp(process.execPath, join(bin, 'node'))
  const { stdout } = await run('npm', ['root', '--global'])
  const npm = join(stdout.trim(), 'npm')
  await copyTree(npm, join(modules, 'npm'))
  const cli = '../lib/node_modules/npm/bin/npm-cli.js'
  await run('ln', ['-sf', cli, join(bin, 'npm')])
}
