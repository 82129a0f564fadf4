import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { build } from 'esbuild'
import t, { type Test } from 'tap'
import { findOnPath } from '../../../src/adapters/kustomize/find-on-path.ts'
import { directoryTree } from '../../../src/adapters/files/directory-tree.ts'
import { findKustomize, kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import { repositoryView } from '../../../src/core/kustomization/repository-view.ts'
import { kustomizationIn } from '../../../src/core/kustomization/kustomization-in.ts'
import { unsafeReferences } from '../../../src/core/kustomization/unsafe/unsafe-references.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { alone, home, kustomizePlaces, temporaryDirectory } from '../../support/run-sower.ts'

const { path } = kustomizePlaces
const guarded = { skip: !findOnPath('prlimit', path) && 'prlimit is not on this machine' }
const leashed = { skip: !findOnPath('setpriv', path) && 'setpriv is not on this machine' }

const script = (text: string): string => `#!/bin/sh\n${text}\n`
const stub = (t: Test, text: string, options = { path }) => {
  const directory = directoryWith(t, { kustomize: script(text), 'root/a': '' })
  const places = { configured: join(directory, 'kustomize'), fallback: '', ...options }
  return { directory, places, root: join(directory, 'root') }
}
const real = (timeLimit = 30) => kustomizeCli(kustomizePlaces, { timeLimit })
const limit = { timeLimit: 30 }
const configMap = (name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`

/** Resolves when a process is no more; a zombie is none. */
const ended = async (pid: number): Promise<void> => {
  const isRunning = (): boolean => {
    try {
      return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    } catch {
      return false
    }
  }
  while (isRunning()) await setImmediate()
}

t.test(
  'hole 10: runs it with the restriction spelled out, and nothing of the surroundings',
  async t => {
    const text = `
printf 'arguments:'; for word in "$@"; do printf ' <%s>' "$word"; done
printf '\\nin: %s\\n' "$PWD"
printf 'home: %s.\\n' "$(/bin/ls -A "$HOME")"
command -v git || echo no git
read -r line || echo no input
/usr/bin/env`
    const directory = directoryWith(t, {
      kustomize: script(text),
      kubectl: script(text),
      'r/a': '',
    })
    for (const [name, first] of [
      ['kustomize', 'build'],
      ['kubectl', 'kustomize'],
    ] as const)
      for (const searched of [path, '']) {
        const places = { configured: join(directory, name), path: searched, fallback: '' }
        const said = await kustomizeCli(places, limit).build(join(directory, 'r'))
        t.match(said, `arguments: <${first}> <--load-restrictor> <LoadRestrictionsRootOnly> <.>\n`)
        t.match(said, `\nin: ${join(directory, 'r')}\n`)
        t.match(said, '\nhome: .\n', 'an empty home')
        t.match(said, '\nno git\nno input\n')
        const environment = said
          .slice(said.indexOf('no input\n') + 9)
          .trimEnd()
          .split('\n')
          // A value of tap's own goes over several lines.
          .filter(line => /^\w+=/.test(line))
          .map(line => line.split('='))
          .filter(([key]) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(key ?? ''))
          // tap adds these to every child of a test.
          .filter(([key = '']) => key !== 'NODE_OPTIONS' && !key.startsWith('_TAPJS_'))
        const own = ['GOGC', 'GOMEMLIMIT', 'HOME', 'KUBERC', 'PATH', 'TMPDIR']
        const network = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']
        t.same(environment.map(([key]) => key).sort(), [...own, ...network].sort())
        const values = Object.fromEntries(environment) as Record<string, string>
        t.equal(values['KUBERC'], 'off')
        t.equal(values['PATH'], values['HOME'], 'no program is reachable')
        t.notOk(existsSync(values['HOME'] ?? ''), 'the home is gone again')
      }
  },
)

t.test('gives the output byte for byte, warnings left out', async t => {
  const { places, root } = stub(
    t,
    `printf 'a: "\\303\\274"\\r\\n\\n'; echo '# Warning: deprecated' >&2`,
  )
  t.equal(await kustomizeCli(places, limit).build(root), 'a: "ü"\r\n\n')
})

t.test('gives time and memory by the number of objects, up to the cap', guarded, async t => {
  const { places, root } = stub(t, 'ulimit -t; ulimit -v')
  const limits = async (timeLimit: number, objects?: number): Promise<readonly number[]> => {
    const about = objects === undefined ? {} : { objects }
    const said = await kustomizeCli(places, { timeLimit }).build(root, about)
    return said.trim().split('\n').map(Number)
  }
  const gibibyte = 2 ** 20
  t.same(await limits(300, 0), [22, 2 * gibibyte])
  t.same(await limits(300, 1024), [58, 2.25 * gibibyte])
  t.same(await limits(20, 1024), [40, 2.25 * gibibyte], 'the cap')
  t.same(await limits(1e6, 1e6), [7200, 258_097_152], 'an hour at most')
  t.same((await limits(50))[0], 100, 'the cap alone when nobody counted')
})

t.test('works where the guards do not', async t => {
  const files = { 'bin/setpriv': script('echo "setpriv: unrecognized option" >&2; exit 1') }
  const { places, root } = stub(t, 'echo done', { path: join(directoryWith(t, files), 'bin') })
  t.equal(await kustomizeCli(places, limit).build(root), 'done\n')
})

t.test('nothing that it started survives the time limit', leashed, async t => {
  const { directory, places, root } = stub(
    t,
    `trap '' TERM INT; /bin/sleep 1000 & echo $! $$ >"\${0%/*}/pids"; wait`,
  )
  await t.rejects(kustomizeCli(places, { timeLimit: 2 }).build(root), {
    name: 'RefusedError',
    code: 'RENDER_TIMEOUT',
    message: 'rendering root: no result within 2 seconds',
    fix: /square of the objects/,
  })
  const pids = readFileSync(join(directory, 'pids'), 'utf8').trim().split(' ').map(Number)
  t.equal(pids.length, 2)
  for (const pid of pids) await ended(pid)
})

t.test('what it leaves behind at its end is killed too', leashed, async t => {
  const { directory, places, root } = stub(
    t,
    `/bin/sleep 1000 & echo $! >"\${0%/*}/pid"; echo done`,
  )
  t.equal(await kustomizeCli(places, limit).build(root), 'done\n')
  await ended(Number(readFileSync(join(directory, 'pid'), 'utf8')))
})

t.test('kustomize dies when the process group of Sower is killed, as Argo CD does', async t => {
  const bundle = join(temporaryDirectory(t), 'render.mjs')
  await build({
    stdin: {
      contents: `const { kustomizeCli } = await import('./src/adapters/kustomize/kustomize-cli.ts')
        const [configured, path, directory] = process.argv.slice(2)
        kustomizeCli({ configured, path, fallback: '' }, { timeLimit: 1000 }).build(directory)`,
      resolveDir: home,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: bundle,
  })
  for (const searched of [path, '']) {
    const { directory, places, root } = stub(
      t,
      `echo $$ >"\${0%/*}/pid.new"; /bin/mv "\${0%/*}/pid.new" "\${0%/*}/pid"; while :; do /bin/sleep 1; done`,
    )
    const [file, ...words] = alone({}, process.execPath, bundle, places.configured, searched, root)
    const sower = spawn(file, words, { stdio: 'ignore', detached: true })
    const pidFile = join(directory, 'pid')
    while (!existsSync(pidFile) && sower.exitCode === null) await setImmediate()
    t.equal(sower.exitCode, null, 'it renders')
    process.kill(-(sower.pid ?? 0), 'SIGKILL')
    await ended(Number(readFileSync(pidFile, 'utf8')))
  }
})

t.test('too much output, and a death that nobody ordered', async t => {
  const flood = stub(t, 'exec /bin/cat /dev/zero')
  await t.rejects(kustomizeCli(flood.places, limit).build(flood.root), {
    code: 'RENDER_TOO_LARGE',
    message: 'rendering root: it gives more output than a render may have',
  })
  const killed = stub(t, 'echo partial; kill -9 $$')
  await t.rejects(kustomizeCli(killed.places, limit).build(killed.root), {
    code: 'RENDER_TOO_LARGE',
    message: /^rendering root: it was killed, as the system does/,
  })
})

t.test('aliases that multiply end at the limit of memory', guarded, async t => {
  const levels = [1, 2, 3, 4, 5, 6, 7, 8].map(
    level =>
      `  a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]\n`,
  )
  const directory = directoryWith(t, {
    'kustomization.yaml': 'resources: [bomb.yaml]\n',
    'bomb.yaml': `${configMap('bomb')}data:\n  a0: &a0 [x]\n${levels.join('')}`,
  })
  await t.rejects(real().build(directory, { path: 'bomb', objects: 1 }), {
    code: 'RENDER_TOO_LARGE',
    message: 'rendering bomb: it takes more memory than a render may use',
    fix: /aliases/,
  })
})

t.test('a thousand objects render within the limits', async t => {
  const objects = Array.from({ length: 1000 }, (_, index) => configMap(`a${index}`))
  const directory = directoryWith(t, {
    'kustomization.yaml': 'resources: [all.yaml]\n',
    'all.yaml': objects.join('---\n'),
  })
  const render = await real().build(directory, { objects: 1000 })
  t.equal(render.match(/^kind: ConfigMap$/gm)?.length, 1000)
})

const hangingServer = async (t: Test): Promise<string> => {
  const server: Server = createServer(() => {
    // Never answers.
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/a.yaml`
}

t.test('what never answers ends at the time limit, and is refused before', async t => {
  const url = await hangingServer(t)
  const directory = directoryWith(t, {
    'web/kustomization.yaml': `resources: []\npatches: [{path: "${url}", target: {kind: A}}]\n`,
    'pipe/kustomization.yaml': 'resources: []\npatches: [{path: pipe, target: {kind: A}}]\n',
  })
  execFileSync('mkfifo', [join(directory, 'pipe/pipe')])
  const tree = repositoryView(directoryTree(directory))
  for (const [place, code] of [
    ['web', 'ENTRY_REMOTE'],
    ['pipe', 'ENTRY_MISSING'],
  ] as const) {
    await t.rejects(real(1).build(join(directory, place)), { code: 'RENDER_TIMEOUT' }, place)
    t.match(unsafeReferences(tree, kustomizationIn(tree, place)), [{ code }], place)
  }
})

t.test('hole 9: nothing outside of the directory is read, and git is not started', async t => {
  const directory = directoryWith(t, {
    'secret.yaml': configMap('secret'),
    'above/kustomization.yaml': 'resources: [../secret.yaml]\n',
    'link/kustomization.yaml': 'resources: [link.yaml]\n',
    'git/kustomization.yaml': 'resources: ["file:///repository//a?ref=main"]\n',
    'bin/git': script('echo called >"${0%/*}/called"'),
  })
  symlinkSync('../secret.yaml', join(directory, 'link/link.yaml'))
  const kustomize = kustomizeCli({ ...kustomizePlaces, path: `${directory}/bin:${path}` }, limit)
  for (const place of ['above', 'link'])
    await t.rejects(kustomize.build(join(directory, place), { path: place }), {
      code: 'RENDER_FAILED',
      message: /: security; file '(?:\.\.\/secret|link)\.yaml' is not in or below '\.'$/,
    })
  await t.rejects(kustomize.build(join(directory, 'git'), { path: 'git' }), {
    code: 'ENTRY_REMOTE',
    fix: 'copy it into this repository',
    message:
      'rendering git: file:///repository//a?ref=main: it is fetched with git, which a render has not',
  })
  t.notOk(existsSync(join(directory, 'bin/called')))
})

t.test('a directory is a directory, whatever it is called', async t => {
  const names = ['-x', '--help', 'github.com/a/b', 'https:/example.com/a']
  const directory = directoryWith(
    t,
    Object.fromEntries(names.map(name => [`${name}/kustomization.yaml`, 'resources: []\n'])),
  )
  for (const name of names) t.equal(await real().build(join(directory, name)), '', name)
  for (const name of ['nowhere', '-x/kustomization.yaml'])
    await t.rejects(real().build(join(directory, name), { path: name }), {
      code: 'RENDER_FAILED',
      message: `rendering ${name}: it is not a directory`,
    })
})

t.test('looks in one order, and says what to do when there is none', async t => {
  const directory = directoryWith(t, {
    'a/kubectl': script(''),
    'a/kustomize': 'not executable',
    'b/kustomize': script(''),
    'c/kubectl-1.35': script(''),
    'cache/kubectl': script(''),
    'd/kustomize/a': '',
  })
  const at = (...names: string[]): string => join(directory, ...names)
  const all = {
    configured: undefined,
    path: `${at('a')}:${at('d')}:${at('b')}`,
    fallback: at('cache/kubectl'),
  }
  const found = (file: string, word: string) => ({ file: at(file), arguments: [word] })
  t.same(
    findKustomize({ ...all, configured: at('c/kubectl-1.35') }),
    found('c/kubectl-1.35', 'kustomize'),
  )
  t.same(findKustomize({ ...all, configured: '' }), found('b/kustomize', 'build'))
  t.same(findKustomize({ ...all, path: at('a') }), found('a/kubectl', 'kustomize'))
  t.same(findKustomize({ ...all, path: '' }), found('cache/kubectl', 'kustomize'))
  for (const searched of ['', '.', 'b', `${at('d')}:${at('nowhere')}`])
    t.throws(() => findKustomize({ ...all, path: searched, fallback: at('nowhere') }), {
      name: 'InputError',
      code: 'KUSTOMIZE_MISSING',
      fix: /SOWER_KUSTOMIZE.*fetch-kustomize/,
    })
  t.throws(() => findKustomize({ ...all, configured: at('a/kustomize') }), {
    code: 'KUSTOMIZE_MISSING',
  })
  const missing = kustomizeCli({ configured: '', path: '', fallback: '' }, limit)
  await t.rejects(missing.build(directory), { code: 'KUSTOMIZE_MISSING' })
  await t.rejects(missing.version(), { code: 'KUSTOMIZE_MISSING' })
})

t.test('reads the version and the flavour of a program once', async t => {
  const client = (version: string): string =>
    script(
      `echo . >>"$0.calls"\ntest "$*" = 'version --client' && printf 'Client Version: ${version}\\nKustomize Version: v5.5.0\\n'`,
    )
  const directory = directoryWith(t, {
    'a/kustomize': script('test "$*" = version && echo v5.8.1'),
    'b/kubectl': client('v1.32.3'),
    'c/kubectl': client('v1.32.4-dispatcher'),
    'd/kustomize': script('exit 1'),
  })
  for (const [name, version] of Object.entries({
    'a/kustomize': 'kustomize v5.8.1',
    'b/kubectl': 'kubectl kustomize v5.5.0',
    'c/kubectl': 'kubectl kustomize v5.5.0 (Google Cloud SDK)',
    'd/kustomize': 'kustomize (version unknown)',
  })) {
    const places = { configured: join(directory, name), path, fallback: '' }
    const kustomize = kustomizeCli(places, limit)
    t.same(await Promise.all([kustomize.version(), kustomize.version()]), [version, version])
  }
  t.equal(readFileSync(join(directory, 'b/kubectl.calls'), 'utf8'), '.\n')
  t.match(await real().version(), /kustomize (?:v\d+\.\d+\.\d+|\(devel\))/)
})

t.test('the real one renders the example', async t => {
  const render = await real().build(join(home, 'examples/ztp/clusters/site-a'))
  t.equal(render.match(/^kind: ClusterInstance$/gm)?.length, 4)
})
