import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import t from 'tap'
import { createAuthority } from '../../src/sandbox/kubernetes/authority.ts'
import { startDemoHub } from '../support/bot/start-demo-hub.ts'
import { buildImages, cannotBuild, type Image } from '../support/images/image-store.ts'
import {
  pushWithSkopeo,
  skipped,
  startDebianRegistry,
} from '../support/registry/debian-registry.ts'
import { freePort } from '../support/free-port.ts'
import { alone, home, program, shell, temporaryDirectory } from '../support/run-sower.ts'

// A developer's directory for base and images, which are not made again then.
const kept = process.env['SOWER_IMAGES']

/** Runs a program in an image to its end. */
const runIn = async ({ command }: Image, directory: string, ...words: readonly string[]) => {
  const [file, ...rest] = command(directory, ...words)
  const child = execa(file, rest, { detached: true, stdin: 'pipe', reject: false })
  const result = await child
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr }
}

const filesBelow = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })

t.test(
  'both images are built, and run as anybody on a read-only root',
  { skip: cannotBuild },
  async t => {
    const store = await buildImages(t, kept ?? join(temporaryDirectory(t), 'images'))
    const [plugin, bot] = [await store.image('plugin'), await store.image('bot')]
    const layouts = temporaryDirectory(t)
    for (const name of ['plugin', 'bot'] as const)
      await store.writeLayout(name, join(layouts, name))
    const below = await store.megabytes('base')
    const plugins = (await store.megabytes('plugin')) - below
    const bots = (await store.megabytes('bot')) - below
    t.comment(`sizes: base ${below} MB, plugin ${plugins} MB and bot ${bots} MB above it`)
    t.ok(plugins < 90, 'the plugin stays small')
    t.ok(bots < 130, 'the bot stays small')

    t.test('they hold the program, its licences, and nothing for developers', async t => {
      for (const { root, config } of [plugin, bot]) {
        t.equal(config.User, '999:0')
        const files = filesBelow(join(root, 'opt/sower'))
        t.notOk(
          files.some(file => /\.map$|metafile|node_modules/.test(file)),
          'no maps, no metafile',
        )
        const licenses = readFileSync(join(root, 'opt/sower/dist/licenses.txt'), 'utf8')
        for (const name of ['@kubernetes/client-node', 'zod', 'yaml', 'prom-client'])
          t.match(licenses, new RegExp(`^${name} [0-9.]+: \\S`, 'm'), name)
        t.ok(existsSync(join(root, 'opt/sower/LICENSE')))
        for (const file of files)
          t.equal(
            statSync(join(root, 'opt/sower', file)).mode & 0o022,
            0,
            `only root writes ${file}`,
          )
      }
      t.notOk(existsSync(join(plugin.root, 'usr/bin/git')), 'no git in the plugin')
      t.ok(existsSync(join(bot.root, 'usr/share/doc/git/copyright')), 'licences of Debian stay')
    })

    t.test('`sower generate` renders in the image what it renders here', async t => {
      const directory = temporaryDirectory(t)
      cpSync(join(home, 'examples', 'ztp'), join(directory, 'ztp'), { recursive: true })
      await execa('chmod', ['-R', 'a+rX', directory])
      const site = join(directory, 'ztp', 'clusters', 'site-a')
      const played = await runIn(plugin, directory, 'sower', 'generate', site)
      const [file, ...rest] = alone(
        { ...shell(), SOWER_KUSTOMIZE: join(plugin.root, 'usr/local/bin/kubectl') },
        ...[process.execPath, program, 'generate', site],
      )
      const here = await execa(file, rest)
      t.same(played, { exitCode: 0, stdout: here.stdout, stderr: here.stderr })
      t.match(played.stdout, /kind: ClusterInstance/)
      const write = await runIn(plugin, directory, 'touch', '/opt/sower/x')
      t.match(write.stderr, /Read-only file system/)
    })

    t.test(
      '`sower bot` starts in the image, reads the repository, and ends when it is told to',
      async t => {
        const hub = await startDemoHub(t, 'seed-sno5', {
          tell: () => undefined,
          onPush: () => undefined,
        })
        const words = await hub.wordsFor('bot-data')
        const address = `127.0.0.1:${await freePort()}`
        await execa('chown', ['-R', '12345:0', hub.secrets])
        await execa('chmod', ['0755', hub.directory])
        await execa('mkdir', ['--mode', '0777', join(hub.directory, 'bot-data')])
        const [file, ...rest] = bot.command(
          hub.directory,
          ...bot.config.Entrypoint,
          ...(bot.config.Cmd ?? []),
          ...words,
          ...['--health', address],
        )
        const child = spawn(file, rest, { detached: true, stdio: ['pipe', 'ignore', 'pipe'] })
        const ended = once(child, 'close')
        t.teardown(async () => {
          child.stdin.end()
          await ended
        })
        const lines: string[] = []
        const state = { hasEnded: false }
        createInterface(child.stderr).on('line', line => lines.push(line))
        child.once('close', () => {
          state.hasEnded = true
        })
        const isReady = async (): Promise<boolean> =>
          fetch(`http://${address}/readyz`).then(
            ({ ok }) => ok,
            () => false,
          )
        while (!state.hasEnded && !(await isReady()))
          await new Promise(resolve => setTimeout(resolve, 100))
        t.notOk(
          state.hasEnded,
          `it is ready: it acts, and has read the repository\n${lines.join('\n')}`,
        )
      },
    )

    t.test('skopeo pushes both to a registry', { skip: skipped }, async t => {
      const directory = temporaryDirectory(t)
      const authority = await createAuthority({ name: 'registry' })
      const host = await startDebianRegistry(t, {
        directory: join(directory, 'registry'),
        authority,
        auth: {},
      })
      for (const name of ['plugin', 'bot'] as const) {
        const layout = join(layouts, name)
        const image = `${host}/sower/${name}:test`
        await pushWithSkopeo(t, {
          ...{ layout, image, authority, auth: 'any:body' },
          // As they are, which saves the time to compress them.
          options: ['--preserve-digests'],
        })
        t.ok(
          existsSync(
            join(
              directory,
              `registry/docker/registry/v2/repositories/sower/${name}/_manifests/tags/test`,
            ),
          ),
        )
      }
    })
  },
)
