import { appendFileSync, cpSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { findKustomize } from '../src/adapters/kustomize.ts'
import {
  gitIn,
  home,
  isOneMessage,
  kustomizePlaces,
  runSower,
  temporaryDirectory,
} from './run-sower.ts'

const example = join(home, 'examples', 'ztp')
const siteA = 'clusters/site-a/kustomization.yaml'
const siteB = 'clusters/site-b/kustomization.yaml'
const seed1 = 'clusters/site-a/clusterinstance-seed-sno1.yaml'

/** A clone of the example, changed and committed; `below` puts it into a directory of its repository. */
const startClone = async (t: Test, change: (at: string) => void = () => undefined, below = '') => {
  const top = temporaryDirectory(t)
  const at = join(top, below)
  cpSync(example, at, { recursive: true })
  change(at)
  const git = gitIn(top)
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '-m', 'Add the sites')
  return { top, at, git }
}

const edit = (file: string, from: string, to: string): void => {
  const text = readFileSync(file, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`)
  writeFileSync(file, text.replace(from, to))
}

/** All that a command could change: every file, git's own included, but for what reading updates. */
const stateOf = (top: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(top, { recursive: true, encoding: 'utf8' })
      .filter(path => statSync(join(top, path)).isFile() && path !== join('.git', 'index'))
      .map(path => [path, readFileSync(join(top, path), 'latin1')]),
  )

t.test('plan shows the edit and its proof, and changes nothing', async t => {
  const { top, at } = await startClone(t)
  const before = stateOf(top)
  const first = await runSower(['plan', 'seed-sno1', '-C', at])
  t.match(first, { exitCode: 0, stderr: '' })
  t.same(
    first.stdout.split('\n').filter(line => /^[-+](?![-+])/.test(line)),
    ['-  - clusterinstance-seed-sno1.yaml', '+  #- clusterinstance-seed-sno1.yaml'],
  )
  t.match(first.stdout, /^proof \(.*kustomize v\d.*\): exactly this cluster leaves the render$/m)
  t.match(first.stdout, /^ {2}clusters\/site-a: .*ClusterInstance.*seed-sno1 leaves$/m)
  t.match(first.stdout, /^ {2}clusters\/site-a: [1-9]\d* objects are left$/m)
  const last = await runSower(['plan', 'seed-sno5'], { cwd: at })
  t.match(last, { exitCode: 0, stderr: '', stdout: /^\+resources: \[\]$/m })
  t.match(last.stdout, /^ {2}clusters\/site-b: 0 objects are left$/m)
  t.same(stateOf(top), before)
})

t.test('detach edits one line of the work tree and commits nothing', async t => {
  const { top, at, git } = await startClone(t)
  const before = stateOf(top)
  const { exitCode, stdout } = await runSower(['detach', 'seed-sno1', '-C', at])
  t.equal(exitCode, 0)
  t.match(stdout, `edited ${siteA}; look at it, then commit\n`)
  t.same(stateOf(top), {
    ...before,
    [siteA]: before[siteA]?.replace('  - clusterinstance-seed', '  #- clusterinstance-seed'),
  })
  t.equal(await git('status', '--porcelain'), ` M ${siteA}\n`)
  t.equal((await runSower(['detach', 'seed-sno5'], { cwd: at })).exitCode, 0)
  t.equal(
    readFileSync(join(at, siteB), 'utf8'),
    before[siteB]
      ?.replace('resources:\n', 'resources: []\n')
      .replace('  - clusterinstance-seed', '  #- clusterinstance-seed'),
  )
  const { file, arguments: first } = findKustomize(kustomizePlaces)
  t.equal((await execa(file, [...first, dirname(join(at, siteB))])).stdout, '')
})

t.test('a cluster that is detached already is no failure, and nothing to do', async t => {
  const { top, at } = await startClone(t, clone => {
    edit(join(clone, siteA), '  - clusterinstance-seed', '  # - clusterinstance-seed')
  })
  const before = stateOf(top)
  for (const command of ['plan', 'detach'])
    t.match(await runSower([command, 'seed-sno1', '-C', at]), {
      exitCode: 0,
      stdout:
        /commented out already at clusters\/site-a\/kustomization\.yaml:9; nothing is to be done\n$/,
      stderr: '',
    })
  t.same(stateOf(top), before)
})

t.test('detach works in a directory of a larger repository, and away from any branch', async t => {
  const { top, git } = await startClone(t, undefined, 'infrastructure/ztp')
  await git('switch', '--quiet', '--detach')
  await git('commit', '--quiet', '--allow-empty', '-m', 'on no branch')
  const directory = join(top, 'infrastructure', 'ztp')
  const { exitCode, stdout, stderr } = await runSower(['detach', 'seed-sno5', '-C', directory])
  t.match({ exitCode, stderr }, { exitCode: 0, stderr: '' })
  t.match(stdout, `edited infrastructure/ztp/${siteB};`)
  t.equal(await git('status', '--porcelain'), ` M infrastructure/ztp/${siteB}\n`)

  const shallow = temporaryDirectory(t)
  await gitIn(shallow)('clone', '--quiet', '--depth=1', `file://${top}`, '.')
  const plan = await runSower(['plan', 'seed-sno5', '-C', join(shallow, 'infrastructure/ztp')])
  t.match(plan, { exitCode: 0, stderr: '' }, 'in a shallow clone')
})

const refusals: Record<string, readonly [string, number, string, RegExp, ((at: string) => void)?]> =
  {
    'a cluster that is no seed': ['target-sno2', 3, 'NOT_A_SEED', /add it to `seeds`/],
    'a cluster that is nowhere': [
      'seed-sno7',
      3,
      'CLUSTER_NOT_FOUND',
      /it is spec\.clusterName, not the file name/,
      at => {
        edit(join(at, 'sower.yaml'), '  - seed-sno5', '  - seed-sno7')
      },
    ],
    'a cluster that is listed twice': [
      'seed-sno1',
      3,
      'CLUSTER_AMBIGUOUS',
      /listed 2 times: .*site-a.*site-b[^]*leave one/,
      at => {
        cpSync(join(at, seed1), join(at, 'clusters/site-b/other.yaml'))
        appendFileSync(join(at, siteB), '  - other.yaml\n')
      },
    ],
    'a file that is shared': [
      'seed-sno1',
      3,
      'SHARED_FILE',
      /also holds .*companion[^]*a file of its own/,
      at => {
        appendFileSync(
          join(at, seed1),
          '---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: companion\n',
        )
      },
    ],
    'a patch that needs the cluster': [
      'seed-sno1',
      3,
      'RENDER_FAILED',
      /seed-sno1/,
      at => {
        appendFileSync(
          join(at, siteA),
          'patches:\n  - patch: |\n      apiVersion: siteconfig.open-cluster-management.io/v1alpha1\n      kind: ClusterInstance\n      metadata: {name: seed-sno1, namespace: seed-sno1, labels: {a: b}}\n',
        )
      },
    ],
    'a configuration with an unknown key': [
      'seed-sno1',
      2,
      'CONFIGURATION_INVALID',
      /reading sower\.yaml:5: sedes: .*[^]*docs\/configuration\.md/,
      at => {
        edit(join(at, 'sower.yaml'), 'seeds:', 'sedes: []\nseeds:')
      },
    ],
    'a configuration that is no YAML': [
      'seed-sno1',
      2,
      'CONFIGURATION_INVALID',
      /reading sower\.yaml:\d+: /,
      at => {
        edit(join(at, 'sower.yaml'), 'seeds:', 'seeds: [')
      },
    ],
    'a root that leaves the repository': [
      'seed-sno1',
      2,
      'CONFIGURATION_INVALID',
      /roots\.0: must be a path inside the repository/,
      at => {
        edit(join(at, 'sower.yaml'), '- clusters/site-a', '- ../elsewhere')
      },
    ],
  }

t.test('detach refuses with one message, and changes nothing', async t => {
  for (const [title, [cluster, exitCode, code, says, change]] of Object.entries(refusals)) {
    const { top, at } = await startClone(t, change)
    const before = stateOf(top)
    isOneMessage(t, await runSower(['detach', cluster, '-C', at]), { exitCode, code, says })
    t.same(stateOf(top), before, title)
  }
})

t.test(
  'detach does not touch a file with uncommitted changes; plan reads what is committed',
  async t => {
    for (const stage of [false, true]) {
      const { top, at, git } = await startClone(t)
      edit(join(at, siteA), '  - site-a-third.yaml', '  #- site-a-third.yaml')
      if (stage) await git('add', siteA)
      const before = stateOf(top)
      isOneMessage(t, await runSower(['detach', 'seed-sno1', '-C', at]), {
        exitCode: 3,
        code: 'UNCOMMITTED_CHANGES',
        says: /commit or stash them first/,
        stdout: /exactly this cluster leaves/,
      })
      const plan = await runSower(['plan', 'seed-sno1', '-C', at])
      t.match(plan, { exitCode: 0, stdout: /^- {2}- clusterinstance-seed-sno1/m })
      t.same(stateOf(top), before)
    }
  },
)

t.test('a directory that is no clone, or has no configuration, is refused', async t => {
  const directory = temporaryDirectory(t)
  const noClone = { exitCode: 2, code: 'GIT_FAILED', says: /name a directory of a clone with -C/ }
  isOneMessage(t, await runSower(['plan', 'seed-sno1', '-C', directory]), noClone)
  isOneMessage(t, await runSower(['plan', 'a', '-C', join(directory, 'nowhere')]), noClone)
  isOneMessage(t, await runSower(['plan', 'a', '-C', directory], { env: { PATH: '' } }), {
    ...noClone,
    says: /git/,
  })
  await gitIn(directory)('init', '--quiet')
  isOneMessage(t, await runSower(['plan', 'seed-sno1', '-C', directory]), noClone)
  await gitIn(directory)('commit', '--quiet', '--allow-empty', '-m', 'empty')
  isOneMessage(t, await runSower(['plan', 'seed-sno1', '-C', directory]), {
    exitCode: 2,
    code: 'CONFIGURATION_MISSING',
    says: /sower\.yaml in HEAD: it is not there/,
  })
})
