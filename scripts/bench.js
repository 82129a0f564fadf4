// Measures what Sower costs beside kustomize, as ratios of times taken in one run: `npm run bench -- edit prove`.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { parseDocument } from 'yaml'
import { benchBot } from './bench-bot.js'
import { fleet } from './bench-fleet.js'

const root = join(import.meta.dirname, '..')
const sower = join(root, 'dist', 'sower.js')
const bundle = join(root, 'node_modules', '.cache', 'sower', 'bench.js')
const sizes = [1, 100, 1000, 3500]

/** A ClusterInstance of a usual length: about 2.2 kB. */
const clusterInstance = name => `apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata:
  name: ${name}
  namespace: ${name}
spec:
  clusterName: ${name}
  clusterImageSetNameRef: img4.18.5-x86-64
  baseDomain: example.com
  pullSecretRef:
    name: ${name}-pull-secret
  extraLabels:
    ManagedCluster:
${Array.from({ length: 20 }, (_, index) => `      label-${index}.example.com/of-the-cluster: "value-${index}-of-${name}"`).join('\n')}
  nodes:
    - hostName: node1.${name}.example.com
      role: master
      bmcAddress: redfish-virtualmedia+https://192.0.2.1/redfish/v1/Systems/1
      bmcCredentialsName:
        name: ${name}-bmc
      bootMACAddress: "02:00:00:00:00:01"
`

/** A committed repository with one list of so many ClusterInstances; the last but one is the seed. */
const repositoryOf = (directory, count) => {
  const at = join(mkdtempSync(join(directory, 'bench-')), `clusters-${count}`)
  mkdirSync(join(at, 'site'), { recursive: true })
  const names = Array.from({ length: count }, (_, index) => `sno${String(index).padStart(4, '0')}`)
  for (const name of names) writeFileSync(join(at, 'site', `${name}.yaml`), clusterInstance(name))
  writeFileSync(
    join(at, 'site', 'kustomization.yaml'),
    `resources:\n${names.map(name => `  - ${name}.yaml\n`).join('')}`,
  )
  const git = (...words) => execFileSync('git', words, { cwd: at, stdio: 'ignore' })
  git('init', '--quiet')
  git('add', '.')
  git(
    '-c',
    'user.name=bench',
    '-c',
    'user.email=bench@example.com',
    'commit',
    '--quiet',
    '-m',
    'bench',
  )
  // As a clone is.
  git('gc', '--quiet')
  return { at, seed: names.at(-2) ?? names[0] }
}

const seconds = async work => {
  const start = process.hrtime.bigint()
  const result = await work()
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, result }
}

/** The least of several times: what is more was something else on the machine. */
const least = async (times, work) => {
  const taken = []
  for (let count = 0; count < times; count += 1) taken.push((await seconds(work)).seconds)
  return Math.min(...taken)
}

const row = (...cells) =>
  console.log(cells.map((cell, at) => (at ? cell.padStart(18) : cell.padEnd(40))).join(''))
const verdict = (ratio, limit) => `${ratio.toFixed(2)} (<= ${limit})`

/** A directory as the core reads it. */
const viewOf = (core, directory) => core.repositoryView(core.directoryTree(directory))

const edit = async ({ core, kustomize, directory }) => {
  row('edit: find and edit, without renders', 'one build', 'find and edit', 'ratio')
  for (const count of sizes) {
    const { at, seed } = repositoryOf(directory, count)
    const built = await least(count < 1000 ? 3 : 1, () =>
      kustomize.build(join(at, 'site'), { objects: count }),
    )
    const request = { cluster: seed, roots: ['site'], mode: 'comment' }
    const taken = await least(5, () => core.planDetach(viewOf(core, at), request))
    const ratio = taken / built
    row(
      `  ${count} ClusterInstances`,
      `${built.toFixed(2)} s`,
      `${taken.toFixed(3)} s`,
      count >= 1000 ? verdict(ratio, 0.15) : ratio.toFixed(2),
    )
  }
  const text = `resources:\n${Array.from({ length: 10_000 }, (_, index) => `  - sites/sno${index}.yaml\n`).join('')}`
  const parsed = await least(7, () => parseDocument(text))
  const edited = await least(7, () => {
    const kustomization = core.parseKustomization('kustomization.yaml', text)
    return core.removeItem(kustomization, { key: 'resources', index: 5000, mode: 'comment' })
  })
  row('edit: one of 10,000 entries', 'one parse', 'edit', 'ratio')
  row('', `${parsed.toFixed(3)} s`, `${edited.toFixed(3)} s`, verdict(edited / parsed, 4))
}

const prove = async ({ core, kustomize, directory }) => {
  row('prove: both renders', 'one build', 'prove', 'ratio', 'own memory')
  for (const count of sizes) {
    const { at, seed } = repositoryOf(directory, count)
    const built = await least(count < 1000 ? 3 : 1, () =>
      kustomize.build(join(at, 'site'), { objects: count }),
    )
    const after = `${at}-after`
    execFileSync('cp', ['-r', at, after])
    const { edit } = core.planDetach(viewOf(core, at), {
      cluster: seed,
      roots: ['site'],
      mode: 'comment',
    })
    writeFileSync(join(after, edit.path), edit.text)
    const checkout = place => ({
      sha: place,
      onDisk: root => Promise.resolve(join(place, root)),
      tree: viewOf(core, place),
    })
    const { seconds: taken, result } = await seconds(() =>
      core.createProver(kustomize)({
        before: checkout(at),
        after: checkout(after),
        roots: ['site'],
        expected: { cluster: seed, object: true, companions: false },
        acceptStatic: false,
      }),
    )
    if (result.refusal !== null) throw new Error(`the proof is refused: ${result.refusal}`)
    const memory = memoryOfPlan(at, seed)
    row(
      `  ${count} ClusterInstances`,
      `${built.toFixed(2)} s`,
      `${taken.toFixed(2)} s`,
      verdict(taken / built, 1.5),
      `${memory} MB${count === 3500 ? ' (<= 300)' : ''}`,
    )
  }
}

/** Runs a command of ours, and gives its output and the most memory that its process itself held, in MB. */
const memoryOf = words => {
  const tell =
    'process.on("exit",()=>process.stderr.write(`\\npeak ${process.resourceUsage().maxRSS}\\n`))'
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(tell)}`, sower, ...words],
    { encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 },
  )
  return { stdout, memory: Math.round(Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1024) }
}

const memoryOfPlan = (at, seed) => {
  const { stdout, memory } = memoryOf(['plan', seed, '-C', at, '--json'])
  const { status, reason } = JSON.parse(stdout)
  if (status !== 'detachable') throw new Error(`the plan is ${status}: ${reason}`)
  return memory
}

/** Runs a program to its end without looking at what it prints. */
const run = (file, words, cwd) =>
  new Promise((resolve, reject) => {
    const child = spawn(file, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let printed = 0
    let errors = ''
    child.stdout.on('data', chunk => (printed += chunk.length))
    child.stderr.on('data', chunk => (errors += chunk))
    child.on('error', reject)
    child.on('close', code => {
      if (code === 0) resolve(printed)
      else reject(new Error(`${file} ${words.join(' ')} ended with ${code}: ${errors}`))
    })
  })

const generate = async ({ core, directory }) => {
  const { file, arguments: first } = core.findKustomize(places)
  const build = at => run(file, [...first, '.'], join(at, 'site'))
  const render = at => run(process.execPath, [sower, 'generate', '.'], join(at, 'site'))
  const node = await least(15, () => run(process.execPath, ['-e', '0'], root))
  row(`generate: bare node ${node.toFixed(3)} s`, 'one build', 'generate', 'more', 'own memory')
  for (const count of sizes) {
    const { at } = repositoryOf(directory, count)
    const times = count < 1000 ? 15 : 2
    const built = await least(times, () => build(at))
    const taken = await least(times, () => render(at))
    const { stdout, memory } = memoryOf(['generate', join(at, 'site')])
    row(
      `  ${count} ClusterInstances`,
      `${built.toFixed(3)} s`,
      `${taken.toFixed(3)} s`,
      count < 1000
        ? `${((taken - built) / node).toFixed(2)} node (<= 2.5)`
        : `${((100 * (taken - built)) / built).toFixed(1)} %${count === 1000 ? ' (<= 10)' : ''}`,
      `${memory} MB (<= ${150 + Math.round((2 * stdout.length) / 2 ** 20)})`,
    )
  }
  // Two at a time, since two cores that are busy are not twice as fast as one.
  const { at } = repositoryOf(directory, 1000)
  const worker = async () => {
    for (let count = 0; count < 10; count += 1) await build(at)
  }
  const { seconds: built } = await seconds(() => Promise.all([worker(), worker()]))
  const { seconds: all } = await seconds(() =>
    Promise.all(Array.from({ length: 20 }, () => render(at))),
  )
  row('generate: 20 at once, of 1000', '20 builds by two', '20 renders', 'ratio')
  row('', `${built.toFixed(1)} s`, `${all.toFixed(1)} s`, verdict(all / built, 1.2))
}

const fleetOf = async ({ core, kustomize, directory }) =>
  fleet({ core, directory, places, repositoryOf, version: await kustomize.version() })

/** The whole command on Git alone, with its page; another load on the machine disturbs processor time less. */
const compare = async ({ directory }) => {
  const { at, seed } = repositoryOf(directory, 3500)
  const tell =
    'process.on("exit",()=>{const{user,system}=process.cpuUsage();process.stderr.write(`\\ncpu ${user+system}\\n`)})'
  const words = [
    ...['--import', `data:text/javascript,${encodeURIComponent(tell)}`, sower],
    ...['compare', seed, '-C', at, '--html', join(directory, 'compare.html')],
  ]
  const { seconds: taken, result } = await seconds(() =>
    spawnSync(process.execPath, words, { encoding: 'utf8', maxBuffer: 2 ** 28 }),
  )
  if (result.status !== 75) throw new Error(`compare: ${result.stderr}`)
  const cpu = Number(/^cpu (\d+)$/m.exec(result.stderr)?.[1]) / 1e6
  row('compare: 3500 targets from Git', `${taken.toFixed(2)} s (<= 10)`, `${cpu.toFixed(2)} s CPU`)
  row('', `load ${loadavg()[0].toFixed(2)}`)
}

const benches = { edit, prove, generate, compare, fleet: fleetOf, bot: () => benchBot({ row }) }
const asked = process.argv.slice(2).filter(word => word !== '--write')
const unknown = asked.filter(name => !(name in benches))
if (unknown.length > 0) {
  console.error(
    `bench: there is no ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`,
  )
  process.exit(2)
}
await build({
  stdin: {
    contents: [
      'core/detach/plan-detach',
      'operations/create-prover',
      'core/kustomization/parse-kustomization',
      'core/kustomization/repository-view',
      'core/edit/remove-item',
      'adapters/files/directory-tree',
      'adapters/kustomize/kustomize-cli',
    ]
      .map(path => `export * from './src/${path}.ts'`)
      .join('\n'),
    resolveDir: root,
    loader: 'ts',
  },
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['execa', 'yaml', 'zod'],
  logLevel: 'error',
})
const core = await import(pathToFileURL(bundle).href)
const places = {
  configured: process.env['SOWER_KUSTOMIZE'],
  path: process.env['PATH'] ?? '',
  fallback: join(root, 'node_modules', '.cache', 'sower', 'kubectl'),
}
const kustomize = core.kustomizeCli(places, { timeLimit: 3600 })
const directory = mkdtempSync(join(tmpdir(), 'sower-bench-'))
try {
  console.log(
    `node ${process.version}, ${await kustomize.version()}, ${availableParallelism()} cores`,
  )
  for (const name of asked.length > 0 ? asked : Object.keys(benches))
    await benches[name]({ core, kustomize, directory })
} finally {
  rmSync(directory, { recursive: true, force: true })
}
