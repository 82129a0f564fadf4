import './generate/hidden.ts'
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, relative } from 'node:path'
import { Script } from 'node:vm'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { findKustomize } from '../../src/adapters/kustomize/kustomize-cli.ts'
import { outOfBoundsLink } from '../../src/sandbox/argocd/with-checkout.ts'
import { directoryWith } from '../support/directory-with.ts'
import { clusterInstance, listing } from '../support/memory-tree.ts'
import { pluginRepository } from '../support/plugin/plugin-repository.ts'
import {
  alone,
  home,
  kustomizePlaces,
  program,
  runSower,
  shell,
  temporaryDirectory,
} from '../support/run-sower.ts'

const examples = join(home, 'examples')
const site = 'clusters/site-a'
const twice = {
  [`${site}/kustomization.yaml`]: listing('one.yaml', 'two.yaml'),
  [`${site}/one.yaml`]: clusterInstance('sno1', 'a'),
  [`${site}/two.yaml`]: clusterInstance('sno1', 'b'),
}
const one = {
  [`${site}/kustomization.yaml`]: listing('one.yaml'),
  [`${site}/one.yaml`]: clusterInstance('sno1'),
}
const seedgen = (value: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: seedgen, namespace: a}\nstringData: {seedAuth: '${value}'}\n`
/** A kustomize that is a script. */
const stub = (t: Pick<Test, 'teardown'>, script: string): Readonly<Record<string, string>> => {
  const file = join(temporaryDirectory(t), 'kustomize')
  writeFileSync(file, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`)
  chmodSync(file, 0o755)
  return { SOWER_KUSTOMIZE: file }
}
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 20))
}

t.test('gives what kustomize gives for every example, byte for byte, also on a clone', async t => {
  const { file, arguments: first } = findKustomize(kustomizePlaces)
  const paths = readdirSync(examples, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('kustomization.yaml'))
    .map(path => dirname(path))
  t.ok(paths.length >= 5, 'the examples are found')
  const run = await pluginRepository(
    t,
    Object.fromEntries(
      readdirSync(examples, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => join(entry.parentPath, entry.name))
        .map(path => [relative(examples, path), readFileSync(path)]),
    ),
  )
  for (const path of paths) {
    const directory = join(examples, path)
    const wanted = await execa(file, [...first, directory], { stripFinalNewline: false })
    t.not(wanted.stdout, '', `${path} holds something`)
    t.match(await run({ path }), { exitCode: 0, stdout: wanted.stdout, stderr: '' }, path)
    const byHand = await runSower(['generate'], { cwd: directory })
    t.match(byHand, { exitCode: 0, stdout: wanted.stdout, stderr: '' }, path)
  }
})

t.test('lets nothing pass that is empty without saying so, or broken', async t => {
  const explicit = await pluginRepository(t, { [`${site}/kustomization.yaml`]: 'resources: []\n' })
  t.match(await explicit({ path: site }), { exitCode: 0, stdout: '', stderr: '' })
  const mixed = await pluginRepository(t, {
    [`${site}/kustomization.yaml`]: 'resources: []\ngenerators:\n  # - a.yaml\n',
  })
  t.match(await mixed({ path: site }), { exitCode: 0, stdout: '', stderr: '' })
  const local =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {config.kubernetes.io/local-config: "true"}}\n'
  const refused: readonly (readonly [string, RegExp])[] = [
    [
      'namespace: a\nresources:\n',
      /^sower: explicit-empty: clusters\/site-a\/kustomization\.yaml: /,
    ],
    ['namespace: a\n', /; write `resources: \[\]` .* \[GUARD_REFUSED\]$/],
    ['resources: [local.yaml]\n', /GUARD_REFUSED/],
    [
      'resources: [missing.yaml]\n',
      /^sower: reading clusters\/site-a\/kustomization\.yaml:1: missing\.yaml .* \[ENTRY_MISSING\]$/,
    ],
    ['resources: [\n', /\[KUSTOMIZATION_UNREADABLE\]$/],
    ['resources: [local.yaml]\nresource: []\n', /^sower: rendering .* \[RENDER_FAILED\]$/],
    ['resources:\n  # - a.yaml\n', /; write `resources: \[\]` .* \[RENDER_EMPTY_LIST\]$/],
  ]
  for (const [kustomization, reason] of refused) {
    const run = await pluginRepository(t, {
      [`${site}/kustomization.yaml`]: kustomization,
      [`${site}/local.yaml`]: local,
    })
    t.match(await run({ path: site }), { exitCode: 3, stdout: '', reason }, kustomization)
  }
  t.match(await runSower(['generate', 'nowhere']), {
    exitCode: 2,
    stdout: '',
    stderr: /^sower: rendering nowhere: it is not a directory; name .* \[FILE_UNREADABLE\]\n$/,
  })
})

t.test(
  'the last line is the reason: rule, object, file and what to do, as Argo CD shows it',
  async t => {
    const run = await pluginRepository(t, {
      ...twice,
      [`${site}/kustomization.yaml`]: listing('one.yaml', 'two.yaml', 'secret.yaml'),
      [`${site}/secret.yaml`]: seedgen('canary-pa55'),
    })
    const answer = await run({ path: site })
    t.match(answer, {
      ...{ exitCode: 3, stdout: '' },
      stderr:
        /^sower: refused: no-plain-secret: Secret a\/seedgen in clusters\/site-a\/secret\.yaml: .*; revoke .*\n/,
      reason:
        /^sower: duplicate-cluster: ClusterInstance sno1\/a in clusters\/site-a\/one\.yaml: it brings the cluster sno1, as ClusterInstance sno1\/b does; give .* \[GUARD_REFUSED\]$/,
      failure: /` failed exit status 3: sower: refused: [^]*\[GUARD_REFUSED\]$/,
    })
    t.notMatch(answer.stderr, /canary/)
  },
)

t.test('explains each rule, for people and for programs', async t => {
  const directory = directoryWith(t, twice)
  const explain = (...words: string[]) => runSower(['generate', site, ...words], { cwd: directory })
  t.match(await explain('--explain'), {
    exitCode: 3,
    stdout:
      /^pass {12}explicit-empty\nrefused {9}duplicate-cluster\n {16}refused: duplicate-cluster: .*\n {16}give each .*\nnot applicable {2}seed-generator\n[^]*\nrender {10}as a whole: it has only about 2 objects\n$/,
    stderr: /GUARD_REFUSED/,
  })
  const { stdout } = await explain('--explain', '-o', 'json')
  t.match(JSON.parse(stdout), {
    verdict: 'refused',
    render: { shards: null, reason: 'it has only about 2 objects' },
    guards: [
      { rule: 'explicit-empty', verdict: 'pass', findings: [] },
      { rule: 'duplicate-cluster', findings: [{ outcome: 'refused', file: /one\.yaml$/ }] },
    ],
  })
  t.match(await explain('--explain', '-o', 'xml'), { exitCode: 2, stdout: '' })
})

t.test('an Application may soften a rule that allows it, and nothing else', async t => {
  const run = await pluginRepository(t, twice)
  const warn = [{ name: 'duplicate-cluster', string: 'warn' }]
  const enforce = [{ name: 'duplicate-cluster', string: 'enforce' }]
  const warned = {
    exitCode: 0,
    stdout: /kind: ClusterInstance/,
    reason: /^sower: warned: duplicate-/,
  }
  t.match(await run({ path: site, parameters: warn }), warned)
  const env = [{ name: 'SOWER_DUPLICATE_CLUSTER', value: 'warn' }]
  t.match(await run({ path: site, env }), warned)
  const sidecar = { SOWER_DUPLICATE_CLUSTER: 'warn' }
  t.match(await run({ path: site, sidecar }), warned)
  t.match(await run({ path: site, sidecar, env, parameters: enforce }), { exitCode: 3, stdout: '' })
  const other = [{ name: 'SOWER_DUPLICATE_CLUSTER', value: 'enforce' }]
  t.match(await run({ path: site, sidecar, env: other }), { exitCode: 3, stdout: '' })

  const refused = { exitCode: 2, stdout: '', reason: /\[ARGUMENT_INVALID\]$/ }
  for (const [name, string] of [
    ['duplicate-cluster', 'off'],
    ['duplicate-clusters', 'warn'],
    ['no-plain-secret', 'warn'],
    ['time-limit', '0'],
    ['time-limit', 'soon'],
  ] as const)
    t.match(await run({ path: site, parameters: [{ name, string }] }), refused, `${name} ${string}`)
  for (const given of ['{', '{}', '"a"'])
    t.match(await run({ path: site, environment: { ARGOCD_APP_PARAMETERS: given } }), refused)
  for (const given of ['', 'null', '[]'])
    t.match(
      await run({ path: site, sidecar, environment: { ARGOCD_APP_PARAMETERS: given } }),
      warned,
      'Argo CD has none to give',
    )

  const chosen = stub(t, 'echo "kind: Chosen"')['SOWER_KUSTOMIZE'] ?? ''
  const attack = [
    'SOWER_KUSTOMIZE',
    'KUSTOMIZE',
    'SOWER_KUSTOMIZE_PLUGIN_HOME',
    'PATH',
    'NODE_OPTIONS',
  ]
  const choosing = attack.map(name => ({ name, value: chosen }))
  t.match(await run({ path: site, env: choosing }), { exitCode: 3, stdout: '' })
})

t.test(
  'a render that takes too long ends with our reason, before Argo CD loses patience',
  async t => {
    const run = await pluginRepository(t, one)
    const slow = stub(t, 'echo "kind: Half"; sleep 600')
    const limit = [{ name: 'time-limit', string: '1' }]
    t.match(await run({ path: site, sidecar: slow, parameters: limit }), {
      ...{ exitCode: 3, stdout: '' },
      reason:
        /^sower: rendering clusters\/site-a: no result within \S+ seconds?; .* \[RENDER_TIMEOUT\]$/,
    })
  },
)

t.test('killed at the deadline it leaves neither output nor a process behind', async t => {
  const run = await pluginRepository(t, one)
  const place = temporaryDirectory(t)
  const slow = stub(t, `echo "kind: Half"; echo $$ > ${place}/pid; exec sleep 600`)
  const pidFile = join(place, 'pid')
  const deadline = until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'))
  t.match(await run({ path: site, sidecar: slow, deadline }), {
    ...{ exitCode: null, stdout: '' },
    failure: /` failed signal: killed: $/,
  })
  const pid = readFileSync(pidFile, 'utf8').trim()
  await until(
    () => !existsSync(`/proc/${pid}`) || /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')),
  )
  t.pass('the program that rendered is gone')
})

t.test('only so many render at once, and who waits too long says why', async t => {
  const run = await pluginRepository(t, one)
  const place = temporaryDirectory(t)
  const counting = {
    SOWER_PARALLEL_RENDERS: '1',
    ...stub(
      t,
      `mkdir ${place}/lock || echo overlap >> ${place}/log; sleep 0.1; rmdir ${place}/lock; echo done >> ${place}/log; echo "kind: A"`,
    ),
  }
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => run({ path: site, sidecar: counting })),
  )
  for (const answer of answers) t.match(answer, { exitCode: 0, stdout: 'kind: A\n' })
  t.equal(readFileSync(join(place, 'log'), 'utf8'), 'done\n'.repeat(6))

  const held = createServer()
  const take = (): Promise<boolean> =>
    new Promise(resolve => {
      held.once('error', () => {
        resolve(false)
      })
      held.listen('\0sower-render-0', () => {
        resolve(true)
      })
    })
  while (!(await take()));
  t.teardown(() => held.close())
  const limit = [{ name: 'time-limit', string: '1' }]
  t.match(await run({ path: site, sidecar: counting, parameters: limit }), {
    ...{ exitCode: 75, stdout: '' },
    reason:
      /^sower: rendering clusters\/site-a: it got no turn within 1 s: at most 1 may .*; give the plugin .* \[RENDER_TIMEOUT\]$/,
  })
  const unlimited = { SOWER_PARALLEL_RENDERS: '0' }
  t.match(await run({ path: site, sidecar: unlimited }), {
    exitCode: 2,
    reason: /parallel-renders/,
  })
})

t.test(
  'hostile names are names, and links inside the repository are what kustomize makes of them',
  async t => {
    const odd = '-x $(touch pwned)\n`id`;é'
    const run = await pluginRepository(
      t,
      {
        [`${odd}/kustomization.yaml`]: 'resources: ["--help.yaml", "$(id) a.yaml", link.yaml]\n',
        [`${odd}/--help.yaml`]: clusterInstance('sno1'),
        [`${odd}/$(id) a.yaml`]: clusterInstance('sno2'),
        [`${odd}/target.yaml`]: clusterInstance('sno3'),
        [`${odd}/twice/kustomization.yaml`]: listing('a.yaml', '../../again'),
        [`${odd}/twice/a.yaml`]: clusterInstance('sno1'),
        'again/kustomization.yaml': listing('a.yaml'),
        'again/a.yaml': clusterInstance('sno1', 'again'),
      },
      { [`${odd}/link.yaml`]: 'target.yaml', [`${odd}/broken.yaml`]: 'nowhere' },
    )
    t.match(await run({ path: odd }), { exitCode: 0, stdout: /sno1[^]*sno2[^]*sno3/, stderr: '' })
    const refused = await run({ path: `${odd}/twice` })
    t.match(refused, {
      exitCode: 3,
      stdout: '',
      reason: /^sower: duplicate-cluster: .*GUARD_REFUSED\]$/,
    })
    t.equal(refused.stderr.split('\n').length, 2, 'a line is a line')
    const linked = await pluginRepository(t, one, { again: site })
    t.match(await linked({ path: 'again' }), {
      ...{ exitCode: 3, stdout: '' },
      reason: /^sower: rendering again: it lies behind a symbolic link; .* \[ENTRY_SYMLINK\]$/,
    })
    const outside = directoryWith(t, { 'a/b': '' })
    await execa('ln', ['-s', '../../c', join(outside, 'a', 'link')])
    t.equal(await outOfBoundsLink(outside), 'a/link', 'the repo-server itself refuses these')
  },
)

t.test(
  'a big environment, no .git and a path that is the whole repository change nothing',
  async t => {
    const run = await pluginRepository(t, {
      'kustomization.yaml': 'resources: [a.yaml]\n',
      'a.yaml': clusterInstance('sno1'),
      'seeds/sno1/record.yaml': 'status: detached\n',
    })
    const large = { KUBE_API_VERSIONS: 'example.com/v1/A,'.repeat(7000) }
    t.match(await run({ path: '.', environment: large }), {
      ...{ exitCode: 3, stdout: '' },
      reason: /^sower: seed-exclusive: ClusterInstance sno1\/sno1 in a\.yaml: /,
    })
    const bare = directoryWith(t, { ...one, 'seeds/sno1/record.yaml': 'status: detached\n' })
    for (const path of [site, `./${site}/`, `${site}/.`])
      t.match(
        await runSower(['generate', '.'], {
          cwd: join(bare, site),
          env: { ...shell(), ARGOCD_APP_SOURCE_PATH: path },
        }),
        { exitCode: 3, stderr: /^sower: seed-exclusive: .* in clusters\/site-a\/one\.yaml: / },
        path,
      )
  },
)

t.test('a render that ends without an answer is an error, not an empty render', async t => {
  // Whoever waits for a turn hears nothing any more, and nothing is left that would keep the process alive.
  const deaf = join(temporaryDirectory(t), 'deaf.cjs')
  writeFileSync(deaf, "require('node:net').Server.prototype.listen = function () { return this }\n")
  const words = ['--require', deaf, program, 'generate', join(examples, 'ztp', site)]
  const [file, ...rest] = alone(shell(), process.execPath, ...words)
  const { exitCode, stdout, stderr } = await execa(file, rest, { reject: false })
  t.match({ exitCode, stdout }, { exitCode: 1, stdout: '' })
  t.equal(stderr, 'sower: an unexpected error: the render ended without a result')
})

t.test('what generate loads holds nothing that talks to GitHub, git or a cluster', t => {
  type Bundled = { node: string; outputs: Record<string, { inputs: Record<string, unknown> }> }
  const { node, outputs } = JSON.parse(
    readFileSync(join(home, 'dist', 'metafile.json'), 'utf8'),
  ) as Bundled
  const of = (output: string): string[] => Object.keys(outputs[output]?.inputs ?? {})
  t.same(of('dist/sower.js'), ['src/cli/main.ts', 'src/cli/run-compiled.ts'], 'the start')
  const inputs = of('dist/generate.cjs')
  t.ok(inputs.includes('src/core/guard/guards.ts'), 'the guards are among them')
  const heavy = inputs.filter(input =>
    /octokit|simple-git|client-node|pino|mdast|execa/.test(input),
  )
  t.same(heavy, [])
  const file = join(home, 'dist', 'generate.cjs')
  const { cachedDataRejected } = new Script(readFileSync(file, 'utf8'), {
    filename: file,
    cachedData: readFileSync(`${file}.cache`),
  })
  t.equal(cachedDataRejected, node !== process.version, 'compiled by the Node of the build')
  t.end()
})
