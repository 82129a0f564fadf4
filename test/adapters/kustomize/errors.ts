import { dirname, join } from 'node:path'
import t from 'tap'
import { kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { kustomizeBinaries } from '../../support/kustomize-binaries.ts'
import { kustomizePlaces } from '../../support/run-sower.ts'

const configMap = (name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`
const component = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n'

type Failure = Readonly<{
  files: Record<string, string | Uint8Array>
  says: string | RegExp
  code?: string
}>

/** What goes wrong in clusters/site-a, and what is said of it after `rendering clusters/site-a: `. */
const failures: Readonly<Record<string, Failure>> = {
  'a file that is not there': {
    files: { 'kustomization.yaml': 'resources: [seed.yaml]\n' },
    says: 'seed.yaml: no such file or directory',
  },
  'a file that is no YAML': {
    files: { 'kustomization.yaml': 'resources: [a.yaml]\n', 'a.yaml': 'a: b\n  c: [\n' },
    says: 'a.yaml: yaml: line 2: mapping values are not allowed in this context',
  },
  'an entry below an empty list': {
    files: { 'kustomization.yaml': 'resources: []\n#- a.yaml\n- b.yaml\n' },
    says: 'line 1 of the kustomization says `resources: []`, and an entry follows in line 3',
  },
  'an entry below an empty list further down': {
    files: {
      'kustomization.yaml': 'resources: [sub]\n',
      'sub/kustomization.yaml': 'resources: []\n- b.yaml\n',
    },
    says: /sub: line 1 of the kustomization says/,
  },
  'an object without a name': {
    files: {
      'kustomization.yaml': 'resources: [a.yaml]\n',
      'a.yaml': 'apiVersion: v1\nkind: A\nmetadata: {}\n',
    },
    says: /^a\.yaml: missing metadata\.name in object/,
  },
  'something missing two directories below': {
    files: {
      'kustomization.yaml': 'resources: [sub]\n',
      'sub/kustomization.yaml': 'resources: [deep]\n',
      'sub/deep/kustomization.yaml': 'resources: [a.yaml]\n',
    },
    says: 'sub/deep/a.yaml: no such file or directory',
  },
  'something missing beside the directory': {
    files: {
      'kustomization.yaml': 'resources: [../base]\n',
      '../base/kustomization.yaml': 'resources: [a.yaml]\n',
    },
    says: '../base/a.yaml: no such file or directory',
  },
  'a literal of a secretGenerator that is none, beside one that is': {
    files: {
      'kustomization.yaml':
        'secretGenerator:\n- name: a\n  literals: ["a=canary]", "canary, canary"]\n',
    },
    says: 'loading KV pairs: a literal is not key=value',
  },
  'a file for a secretGenerator that is not text': {
    files: {
      'kustomization.yaml': 'secretGenerator:\n- name: a\n  envs: [a.env]\n',
      'a.env': Buffer.from('a=canary\xff\n', 'latin1'),
    },
    says: 'loading KV pairs: env source files: [a.env]: a line is not UTF-8',
  },
  'a file that would be fetched': {
    files: { 'kustomization.yaml': 'resources: ["https://a:canary@example.invalid/a.yaml"]\n' },
    code: 'ENTRY_REMOTE',
    says: 'https://***@example.invalid/a.yaml: it is fetched from elsewhere, and a render has no network',
  },
  'a schema that would be fetched': {
    files: { 'kustomization.yaml': 'resources: []\nopenapi: {path: "http://example.invalid/a"}\n' },
    code: 'ENTRY_REMOTE',
    says: 'it is fetched from elsewhere, and a render has no network',
  },
  'the same object twice': {
    files: {
      'kustomization.yaml': 'resources: [sub]\n',
      'sub/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
      'sub/a.yaml': configMap('a'),
      'sub/b.yaml': configMap('a'),
    },
    says: 'sub/b.yaml: may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.[noNs]',
  },
  'a circle': {
    files: {
      'kustomization.yaml': 'resources: [sub]\n',
      'sub/kustomization.yaml': 'resources: [..]\n',
    },
    says: "cycle detected: candidate root '.' contains visited root 'sub'",
  },
  'a directory without a kustomization': {
    files: { 'kustomization.yaml': 'resources: [sub]\n', 'sub/a.yaml': configMap('a') },
    says: /^sub: unable to find one of 'kustomization.yaml', .* in directory 'sub'$/,
  },
  'a patch in a component that hits nothing': {
    files: {
      'kustomization.yaml': 'components: [comp]\n',
      'comp/kustomization.yaml': `${component}patchesStrategicMerge: [p.yaml]\n`,
      'comp/p.yaml': configMap('p'),
    },
    says: /^comp: no matches for Id ConfigMap\.v1\.\[noGrp\]\/p\.\[noNs\]; failed to find/,
  },
  'a component that is not there': {
    files: { 'kustomization.yaml': 'components: [comp]\n' },
    says: 'comp: no such file or directory',
  },
  'a patch that is not there, told in several lines': {
    files: {
      'kustomization.yaml':
        'resources: [a.yaml]\npatchesJson6902: [{path: p.yaml, target: {kind: A, name: a}}]\n',
      'a.yaml': configMap('a'),
    },
    says: 'p.yaml: no such file or directory',
  },
  'a generator told with an address of memory': {
    files: {
      'kustomization.yaml': 'configMapGenerator: [{name: a, behavior: merge, literals: [a=b]}]\n',
    },
    says: 'merging from generator: id ConfigMap/a does not exist; cannot merge or replace',
  },
  'quotes in the reason': {
    files: { 'kustomization.yaml': 'nonsense: a\n' },
    says: /json: unknown field "nonsense"$/,
  },
  'an empty list': {
    files: { 'kustomization.yaml': 'resources:\n# - seed.yaml\n' },
    code: 'RENDER_EMPTY_LIST',
    says: 'kustomization.yaml is empty',
  },
  'an empty list below': {
    files: { 'kustomization.yaml': 'resources: [sub]\n', 'sub/kustomization.yaml': 'resources:\n' },
    code: 'RENDER_EMPTY_LIST',
    says: 'sub: kustomization.yaml is empty',
  },
  'an empty list in a component': {
    files: {
      'kustomization.yaml': 'components: [comp]\n',
      'comp/kustomization.yaml': `${component}resources:\n`,
    },
    code: 'RENDER_EMPTY_LIST',
    says: 'comp: kustomization.yaml is empty',
  },
  'a plugin': {
    files: {
      'kustomization.yaml': 'resources: [sub]\n',
      'sub/kustomization.yaml': 'generators: [g.yaml]\n',
      'sub/g.yaml':
        'apiVersion: policy.open-cluster-management.io/v1\nkind: PolicyGenerator\nmetadata: {name: g}\n',
    },
    code: 'RENDER_NEEDS_PLUGIN',
    says: 'sub: it needs the plugin PolicyGenerator, which is not set up',
  },
  'Helm, told in several lines': {
    files: { 'kustomization.yaml': 'helmCharts: [{name: a, repo: "https://example.com"}]\n' },
    code: 'RENDER_NEEDS_PLUGIN',
    says: 'it needs Helm, which is not set up',
  },
}

const directory = directoryWith(
  t,
  Object.fromEntries(
    Object.values(failures).flatMap(({ files }, index) =>
      Object.entries(files).map(([path, content]) => [
        join(`${index}/clusters/site-a`, path),
        content,
      ]),
    ),
  ),
)

for (const [name, file] of Object.entries(kustomizeBinaries)) {
  const skip = file === null && `${name} is not on this machine`
  t.test(`${name} fails with one short reason, its file and no path of ours`, { skip }, async t => {
    const kustomize = kustomizeCli(
      { ...kustomizePlaces, configured: file ?? '' },
      { timeLimit: 30 },
    )
    const isOld = /v5\.0\.[0-3]$/.test(await kustomize.version())
    await Promise.all(
      Object.entries(failures).map(async ([what, { code = 'RENDER_FAILED', says }], index) => {
        if (isOld && code === 'RENDER_EMPTY_LIST') return
        const path = 'clusters/site-a'
        const build = kustomize.build(join(directory, String(index), path), { path, objects: 9 })
        const reason =
          typeof says === 'string'
            ? `rendering ${path}: ${says}`
            : new RegExp(`^rendering ${path}: .*${says.source.replace(/^\^/, '')}`)
        await t.rejects(build, { name: 'RefusedError', code, message: reason }, what)
        await build.catch((error: unknown) => t.notMatch(String(error), directory, what))
      }),
    )
  })
}

const recorded = `accumulating resources: accumulation err='accumulating resources from 'b.yaml': evalsymlink failure on '/r/b.yaml' : lstat /r/b.yaml: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '/r/b.yaml' : lstat /r/b.yaml: no such file or directory`
const log = 'E1122 08:59:42.585347   16880 run.go:72] "command failed" err='

t.test('a recorded failure of each wording, printed by a script, has the same reason', async t => {
  const says = async (stderr: string): Promise<string> => {
    const recorded = directoryWith(t, {
      stderr,
      kustomize: `#!/bin/sh\necho partial\n/bin/cat "\${0%/*}/stderr" >&2\nexit 1\n`,
    })
    const program = join(recorded, 'kustomize')
    const kustomize = kustomizeCli({ ...kustomizePlaces, configured: program }, { timeLimit: 30 })
    return kustomize.build(dirname(program), { path: 'recorded' }).then(
      () => 'no error',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
  }
  const wordings: Readonly<Record<string, string>> = {
    'kustomize 5.5.0': `Error: ${recorded}\n`,
    'kustomize with a warning': `# Warning: 'bases' is deprecated.\nError: ${recorded}\n`,
    'upstream kubectl': `error: ${recorded}\n`,
    "Google's kubectl": `${log}"${recorded}"\n`,
    "Google's kubectl in lines": `# Warning: old\n${log}<\n\t${recorded}\n >\n`,
    'nobody known': `${recorded}\n`,
  }
  for (const [wording, stderr] of Object.entries(wordings))
    t.match(await says(stderr), /^rendering recorded: (?:\.\.\/)+r\/b\.yaml: no such file/, wording)

  t.equal(await says(`${log}"a \\"b\\"\\n\\tc\\\\d"\n`), 'rendering recorded: a "b" c\\d')
  t.equal(await says(''), 'rendering recorded: no reason given')
  t.equal(await says('# Warning: old\n'), 'rendering recorded: no reason given')
  const long = await says(`Error: first ${'a'.repeat(5000)} last\n`)
  t.match(long, /^rendering recorded: first a+ \.\.\. a+ last$/)
  t.ok(long.length < 700)
  t.match(await says('fatal error: out of memory allocating heap arena map\n'), /more memory than/)
  t.match(await says('runtime: cannot allocate memory\nfatal error: x\n'), /more memory than/)
})

t.test('a program that cannot be started is a failure with a reason', async t => {
  const program = join(directoryWith(t, { kustomize: '#!/nowhere/sh\n' }), 'kustomize')
  for (const path of [kustomizePlaces.path, '']) {
    const kustomize = kustomizeCli({ configured: program, path, fallback: '' }, { timeLimit: 30 })
    await t.rejects(kustomize.build(dirname(program), { path: 'broken' }), {
      code: 'RENDER_FAILED',
      message: /^rendering broken: spawn .*kustomize ENOENT$/,
    })
    t.equal(await kustomize.version(), 'kustomize (version unknown)')
  }
})
