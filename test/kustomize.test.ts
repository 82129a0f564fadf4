import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findKustomize, kustomizeCli } from '../src/adapters/kustomize.ts'
import { home, kustomizePlaces } from './run-sower.ts'

/** Executables of these scripts in directories of their own. */
const programs = (t: Test, scripts: Record<string, string>): string => {
  const directory = t.testdir({ root: { 'kustomization.yaml': 'resources: []\n' } })
  for (const [path, script] of Object.entries(scripts)) {
    mkdirSync(join(directory, path, '..'), { recursive: true })
    writeFileSync(join(directory, path), `#!/bin/sh\n${script}\n`)
    chmodSync(join(directory, path), 0o755)
  }
  return directory
}
const only = (file: string) => ({ configured: file, path: '', fallback: '' })
const limit = { timeLimit: 30 }

t.test(
  'runs it with the restriction spelled out, and with nothing of the surroundings',
  async t => {
    const script = `
printf 'arguments:'; for word in "$@"; do printf ' <%s>' "$word"; done
printf '\\nin: %s\\n' "$PWD"
printf 'home: %s.\\n' "$(/bin/ls -A "$HOME")"
command -v git || echo no git
read -r line || echo no input
/usr/bin/env`
    const directory = programs(t, { kustomize: script, kubectl: script })
    const root = join(directory, 'root')
    for (const [name, first] of [
      ['kustomize', 'build'],
      ['kubectl', 'kustomize'],
    ] as const) {
      const said = await kustomizeCli(only(join(directory, name)), limit).build(root)
      t.match(said, `arguments: <${first}> <--load-restrictor> <LoadRestrictionsRootOnly> <.>\n`)
      t.match(said, `\nin: ${root}\n`)
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
      t.same(environment.map(([key]) => key).sort(), ['HOME', 'KUBERC', 'PATH', 'TMPDIR'])
      const values = Object.fromEntries(environment) as Record<string, string>
      t.equal(values['KUBERC'], 'off')
      t.equal(values['PATH'], values['HOME'], 'no program is reachable')
      t.throws(
        () => readdirSync(values['HOME'] ?? ''),
        { code: 'ENOENT' },
        'the home is gone again',
      )
    }
  },
)

t.test('gives the output byte for byte, warnings left out', async t => {
  const directory = programs(t, {
    kustomize: `printf 'a: "\\303\\274"\\r\\n\\n'; echo '# Warning: deprecated' >&2`,
  })
  const render = await kustomizeCli(only(join(directory, 'kustomize')), limit).build(
    join(directory, 'root'),
  )
  t.equal(render, 'a: "ü"\r\n\n')
})

const reason = `accumulating resources: accumulation err='accumulating resources from 'b.yaml': evalsymlink failure on '/r/b.yaml' : lstat /r/b.yaml: no such file or directory'`
const quoted = reason.replaceAll('"', '\\"')
const flavours: Record<string, string> = {
  kustomize: `Error: ${reason}`,
  kubectl: `error: ${reason}`,
  'kustomize with a warning': `# Warning: 'bases' is deprecated\nError: ${reason}\n`,
  "Google's kubectl": `E1122 08:59:42.585347   16880 run.go:72] "command failed" err="${quoted}"`,
  "Google's kubectl, in lines": `E1122 08:59:42.585347   16880 run.go:72] "command failed" err=<\n\t${reason}\n >`,
}

t.test('a failure has one short reason, whoever words it', async t => {
  for (const [flavour, stderr] of Object.entries(flavours)) {
    const text = stderr.replaceAll("'", `'\\''`)
    const directory = programs(t, {
      kustomize: `echo partial\nprintf '%s\\n' '${text}' >&2\nexit 1`,
    })
    await t.rejects(
      kustomizeCli(only(join(directory, 'kustomize')), limit).build(join(directory, 'root')),
      { name: 'RefusedError', code: 'RENDER_FAILED', message: `rendering root: ${reason}` },
      flavour,
    )
  }
  const silent = programs(t, { kustomize: 'exit 3' })
  await t.rejects(
    kustomizeCli(only(join(silent, 'kustomize')), limit).build(join(silent, 'root')),
    {
      message: 'rendering root: no reason given',
    },
  )
})

t.test('a render that takes too long is killed, and one that dies has failed', async t => {
  const directory = programs(t, {
    kustomize: `trap '' TERM INT\necho $$ >'${join(t.testdirName, 'pid')}'\necho partial\nwhile :; do :; done`,
    'dies/kustomize': 'echo partial; kill -9 $$',
  })
  const endless = kustomizeCli(only(join(directory, 'kustomize')), { timeLimit: 0.5 })
  await t.rejects(endless.build(join(directory, 'root')), {
    code: 'RENDER_FAILED',
    message: 'rendering root: no result within 0.5 seconds',
  })
  const pid = Number(readFileSync(join(directory, 'pid'), 'utf8'))
  t.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
  await t.rejects(
    kustomizeCli(only(join(directory, 'dies/kustomize')), limit).build(join(directory, 'root')),
    {
      code: 'RENDER_FAILED',
    },
  )
})

t.test('looks in one order, and says what to do when there is none', async t => {
  const directory = programs(t, {
    'a/kubectl': '',
    'b/kustomize': '',
    'c/kubectl-1.35': '',
    'cache/kubectl': '',
  })
  const at = (...path: string[]): string => join(directory, ...path)
  writeFileSync(at('a', 'kustomize'), 'not executable')
  mkdirSync(at('d', 'kustomize'), { recursive: true })
  const all = {
    configured: undefined,
    path: `${at('a')}:${at('d')}:${at('b')}`,
    fallback: at('cache/kubectl'),
  }
  const build = ['build']
  const kubectl = ['kustomize']
  t.same(findKustomize({ ...all, configured: at('c/kubectl-1.35') }), {
    file: at('c/kubectl-1.35'),
    arguments: kubectl,
  })
  t.same(findKustomize({ ...all, configured: '' }), { file: at('b/kustomize'), arguments: build })
  t.same(findKustomize({ ...all, path: at('a') }), { file: at('a/kubectl'), arguments: kubectl })
  t.same(findKustomize({ ...all, path: '' }), { file: at('cache/kubectl'), arguments: kubectl })
  for (const path of ['', '.', 'b', `${at('d')}:${at('nowhere')}`])
    t.throws(() => findKustomize({ ...all, path, fallback: at('nowhere') }), {
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

t.test('knows the version of each kind of program', async t => {
  const directory = programs(t, {
    'a/kustomize': 'test "$*" = version && echo v5.8.1',
    'c/kubectl': `test "$*" = 'version --client' && printf 'Client Version: v1.32.4-dispatcher\\nKustomize Version: v5.5.0\\n'`,
    'd/kustomize': 'exit 1',
  })
  const version = (path: string) => kustomizeCli(only(join(directory, path)), limit).version()
  t.equal(await version('a/kustomize'), 'kustomize v5.8.1')
  t.equal(await version('c/kubectl'), 'kubectl kustomize v5.5.0')
  t.equal(await version('d/kustomize'), 'kustomize (version unknown)')
})

t.test('the real one renders the example', async t => {
  const kustomize = kustomizeCli(kustomizePlaces, limit)
  const render = await kustomize.build(join(home, 'examples/ztp/clusters/site-a'))
  t.equal(render.match(/^kind: ClusterInstance$/gm)?.length, 4)
  t.match(await kustomize.version(), /kustomize v\d+\.\d+\.\d+/)
  const outside = t.testdir({
    'secret.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n',
    root: { 'kustomization.yaml': 'resources: [../secret.yaml]\n' },
  })
  await t.rejects(kustomize.build(join(outside, 'root')), {
    code: 'RENDER_FAILED',
    message: /^rendering root: [^\n]*security; file '.*secret\.yaml' is not in or below/,
  })
})
