import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import t from 'tap'
import { parse } from 'yaml'
import { startDemoHub } from '../support/bot/start-demo-hub.ts'
import { gitIn, program, shell } from '../support/run-sower.ts'

const cluster = 'seed-sno1'

t.test(
  'a run on a plain bare repository ends Completed by the printed commands and merges, stopped and started in between',
  async t => {
    // The Lifecycle Agent takes both away and puts both back; nobody else may.
    const onSeed: string[] = []
    const { directory, sandbox, person } = await startDemoHub(t, cluster, {
      tell: () => undefined,
      onPush: () => undefined,
    })
    sandbox.seeds.get(cluster)?.store.watch(({ type, object: { kind, metadata } }) => {
      if (kind !== 'SeedGenerator' && (kind !== 'Secret' || metadata.name !== 'seedgen')) return
      if (type !== 'MODIFIED') onSeed.push(`${type} ${kind}`)
    })
    const bare = join(directory, 'github', 'example', 'ztp.git')
    const git = gitIn(join(directory, 'person', 'clone'))
    const file = (name: string, content: string): string => {
      writeFileSync(join(directory, name), content, { mode: 0o600 })
      return join(directory, name)
    }
    const request = {
      ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRequest', cluster },
      image: `${sandbox.registry.host}/ibu/${cluster}:4.18.5`,
    }
    const path = `seeds/${cluster}/request.yaml`
    const files = { [path]: JSON.stringify(request) }
    await person.push({ branch: 'asks', message: `Seed image of ${cluster}`, files })
    const words = Object.entries({
      ...{ '--head': 'asks', '--pull-request': '7', '--repository': 'example/ztp' },
      ...{ '--git-url': bare, '--data': join(directory, 'data'), '--runs': 'files' },
      '--kubeconfig': file('hub.kubeconfig', sandbox.hubKubeconfig),
      '--registry-ca': file('registry-ca.pem', sandbox.registry.certificateAuthority),
      ...{ '--poll-interval': '1', '--recheck-interval': '1', '--news-interval': '1' },
    }).flat()
    const state: { child: ChildProcess | null; text: string; starts: number } = {
      ...{ child: null, text: '', starts: 0 },
    }
    const start = (): void => {
      state.starts += 1
      const child = spawn(process.execPath, [program, 'run', cluster, ...words], {
        env: { ...shell() },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child.stdout.on('data', (chunk: Buffer) => (state.text += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (state.text += chunk.toString()))
      state.child = child
    }
    const stop = async (signal: NodeJS.Signals): Promise<void> => {
      const { child } = state
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      child.kill(signal)
      await once(child, 'exit')
    }
    t.teardown(() => stop('SIGKILL'))
    const done = new Set<string>()
    /** The newest text of this kind that nobody has acted on. */
    const next = async (what: RegExp): Promise<RegExpExecArray> => {
      const end = Date.now() + 480_000
      for (;;) {
        const found = [...state.text.matchAll(what)].at(-1)
        if (found && !done.has(found[0])) {
          done.add(found[0])
          return found
        }
        if (Date.now() > end || state.child?.exitCode)
          throw new Error(`waited in vain for ${what.source} in\n${state.text}`)
        await new Promise(resolve => setTimeout(resolve, 200))
      }
    }
    const push = async (branch: string): Promise<void> => {
      const [, command = ''] = await next(
        new RegExp(`run \`(git -C \\S+ push \\S+ [0-9a-f]{40}:refs/heads/${branch})\``, 'g'),
      )
      await execa('sh', ['-c', command])
    }

    start()
    await push('asks')
    await next(/Proposed.*\n.*read the proof in \S+report\.md, then merge asks into main/g)
    await stop('SIGTERM')
    await git('fetch', '--quiet', bare, '+refs/heads/*:refs/remotes/bare/*')
    await git('checkout', '--quiet', '-B', 'main', 'bare/main')
    await git('merge', '--quiet', '--squash', 'bare/asks')
    await git('commit', '--quiet', '-m', `Detach ${cluster} by a squash`)
    await git('push', '--quiet', bare, 'main')
    await git('push', '--quiet', bare, '--delete', 'asks')
    start()
    await push('main')
    // As if the machine had lost its power.
    await next(/Detaching/g)
    await stop('SIGKILL')
    start()
    await push('main')
    await next(/Generating/g)
    await stop('SIGKILL')
    start()
    await push('main')
    await next(/Completed/g)
    const { child } = state
    if (child && child.exitCode === null) await once(child, 'exit')
    t.equal(child?.exitCode, 0, state.text)
    t.equal(state.starts, 4)
    t.strictSame(onSeed.slice(0, 2), ['ADDED Secret', 'ADDED SeedGenerator'])
    t.match(onSeed[2], /^DELETED /)
    t.equal(onSeed.filter(event => event === 'ADDED SeedGenerator').length, 2, onSeed.join())
    const show = async (path: string): Promise<string> => {
      await git('fetch', '--quiet', bare, 'main')
      return git('show', `FETCH_HEAD:${path}`)
    }
    t.match(parse(await show(`seeds/${cluster}/record.yaml`)), { status: 'completed', cluster })
    t.match((await git('log', '--format=%an: %s', 'FETCH_HEAD')).split('\n').slice(0, 4), [
      `Sower: Record the seed image of ${cluster}: completed`,
      `Sower: Generate the seed image of ${cluster}`,
      `Sower: Record the merge of ${cluster}`,
      /: Detach seed-sno1 by a squash$/,
    ])
    t.notMatch(state.text, 'push-0123456789abcdef')
    t.comment(`played one run with ${state.starts} starts and ${done.size} things to do`)
  },
)
