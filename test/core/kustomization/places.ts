import t from 'tap'
import { parseDocument, isMap, LineCounter } from 'yaml'
import {
  directoriesWithKustomization,
  everyPath,
} from '../../../src/core/kustomization/every-path.ts'
import { foldersUp } from '../../../src/core/kustomization/folders-up.ts'
import {
  followEntry,
  isInline,
  isRemote,
  pathOf,
} from '../../../src/core/kustomization/follow-entry.ts'
import { kustomizationIn } from '../../../src/core/kustomization/kustomization-in.ts'
import { kustomizationNames } from '../../../src/core/kustomization/every-path.ts'
import { readList } from '../../../src/core/kustomization/read-list.ts'
import {
  pluginReferences,
  pluginsOf,
  referencesOf,
} from '../../../src/core/kustomization/references-of.ts'
import { RefusedError } from '../../../src/errors.ts'
import { read } from '../../support/edit/edit-cases.ts'
import { memoryTree } from '../../support/memory-tree.ts'

t.test('lists every file and link of a repository, and enters no link', t => {
  const tree = memoryTree({
    'a/kustomization.yaml': '',
    'a/b/Kustomization': '',
    'a/b/kustomization.yml': '',
    'a/circle': { link: '.' },
    'c/my-kustomization.yaml': '',
    d: '',
  })
  const places = everyPath(tree)
  t.strictSame(places.map(({ path, kind }) => `${kind} ${path}`).sort(), [
    'file a/b/Kustomization',
    'file a/b/kustomization.yml',
    'file a/kustomization.yaml',
    'file c/my-kustomization.yaml',
    'file d',
    'symlink a/circle',
  ])
  t.strictSame(directoriesWithKustomization(places), ['a', 'a/b'])
  t.end()
})

t.test('knows the folders above a file, up to the root of the repository', t => {
  t.strictSame(foldersUp('a/b/c.yaml'), ['a/b', 'a', '.'])
  t.strictSame(foldersUp('c.yaml'), ['.'])
  t.end()
})

t.test('a path stays in the repository, or is none', t => {
  for (const [directory, value, path] of [
    ['site', 'a.yaml', 'site/a.yaml'],
    ['site', './leaf/', 'site/leaf'],
    ['site/leaf', '../../b', 'b'],
    ['site', '..', '.'],
    ['.', '.', '.'],
    ['site', '../..', null],
    ['site', '../../site', null],
    ['site', '/etc/passwd', null],
    ['site', '..a', 'site/..a'],
  ] as const)
    t.equal(pathOf(directory, value), path, `${directory} ${value}`)
  t.end()
})

t.test('knows what kustomize would fetch, and what is YAML itself', t => {
  for (const value of [
    'https://a.b/c',
    'HTTP://a',
    'ssh://a/b',
    'git@host:a',
    'host:a/b',
    'a?ref=b',
    'github.com/a/b',
    'www.github.com/a',
  ])
    t.ok(isRemote(value, undefined), value)
  for (const value of ['a/b@c', './host:a', 'gitlab.com/a/b', 'a.yaml'])
    t.notOk(isRemote(value, undefined), value)
  t.notOk(isRemote('host:a', 'file'), 'a file of that name')
  t.ok(isRemote('https://a.b/c', 'file'), 'kustomize looks for no file there')
  for (const value of ['a: b\nc: d', '{a: b}', ' [a]']) t.ok(isInline(value), value)
  t.notOk(isInline('a.yaml'))
  t.end()
})

t.test('follows an entry to what is there, or says why it does not', t => {
  const tree = memoryTree({
    'site/kustomization.yaml':
      'generators:\n- a.yaml\n- leaf/\n- "{a: b}"\n- https://a.b/c\n- ../..\n- link\n- link/x\n- gone\n- ""\n',
    'site/a.yaml': '',
    'site/leaf/b': '',
    'site/link': { link: 'leaf' },
  })
  const kustomization = kustomizationIn(tree, 'site')
  const found = kustomization.lists
    .flatMap(({ entries }) => entries)
    .map(entry => {
      const target = followEntry(tree, kustomization, entry)
      return target instanceof RefusedError ? target.code : `${target.kind} ${target.path}`
    })
  t.strictSame(found, [
    'file site/a.yaml',
    'directory site/leaf',
    'ENTRY_INLINE',
    'ENTRY_REMOTE',
    'ENTRY_OUTSIDE',
    'ENTRY_SYMLINK',
    'ENTRY_SYMLINK',
    'ENTRY_MISSING',
    'ENTRY_MISSING',
  ])
  t.end()
})

t.test('reads a list with the places of its items', t => {
  const listIn = (text: string) => {
    const lines = new LineCounter()
    const { contents } = parseDocument(text, { keepSourceTokens: true, lineCounter: lines })
    if (!isMap(contents)) throw new Error('no mapping')
    return readList({
      ...{ key: 'resources', pair: contents.items[0]!, text, line: 1 },
      value: (contents.toJSON() as Readonly<Record<string, unknown>>)['resources'],
      lineOf: offset => lines.linePos(offset).line,
      refuse: (line, reason) => new RefusedError('KUSTOMIZATION_UNREADABLE', `${line}: ${reason}`),
    })
  }
  const block = 'resources: !!seq\n  - a # first\n  - &x\n    no\n'
  t.match(listIn(block), { style: 'block', afterKey: 16, writtenNull: null })
  t.strictSame(
    listIn(block).items.map(({ line, dash, start, end, value, isText }) => [
      line,
      dash,
      block.slice(start, end),
      value,
      isText,
    ]),
    [
      [2, 19, 'a', 'a', true],
      [3, 33, '&x\n    no', 'no', false],
    ],
  )
  const flow = 'resources: [a, "b" ,]\n'
  t.strictSame(
    listIn(flow).items.map(({ dash, start, comma }) => [dash, start, comma]),
    [
      [null, 12, 13],
      [null, 15, 19],
    ],
  )
  t.match(listIn('resources: ~ # c\n'), {
    style: 'null',
    afterKey: 10,
    writtenNull: { start: 11, end: 12 },
  })
  t.match(listIn('resources:\n'), { style: 'null', items: [], writtenNull: null })
  for (const [text, message] of [
    ['resources: a\n', /^1: the field resources is not a list$/],
    ['resources: !x [a]\n', /^1: the field resources is not a list$/],
    ['resources: {a: b}\n', /^1: the field resources is not a list$/],
    ['{resources}\n', /^1: the field resources has no colon$/],
  ] as const)
    t.throws(() => listIn(text), { message }, text)
  t.end()
})

t.test('lists what a kustomization names beside its lists, by its field', t => {
  const kustomization = read(`resources: [a.yaml]
crds: [crd.yaml]
Transformers: [t.yaml, "kind: x\\na: b"]
patches:
- path: p.yaml
- patch: "a: b"
configMapGenerator:
- {name: a, files: [key=f.txt], envs: [e.env], literals: [l=v]}
helmCharts:
- {name: chart, repo: https://a.b, valuesFile: v.yaml}
openapi: {path: schema.json}
namespace: sno1
`)
  t.strictSame(
    referencesOf(kustomization).map(({ field, kind, value }) => `${field} (${kind}): ${value}`),
    [
      'crds[0] (file): crd.yaml',
      'Transformers[0] (file or YAML): t.yaml',
      'Transformers[1] (file or YAML): kind: x\na: b',
      'patches[0].path (file): p.yaml',
      'configMapGenerator[0].name (word): a',
      'configMapGenerator[0].files[0] (keyed file): key=f.txt',
      'configMapGenerator[0].envs[0] (file): e.env',
      'helmCharts[0].name (word): chart',
      'helmCharts[0].repo (host): https://a.b',
      'helmCharts[0].valuesFile (file): v.yaml',
      'openapi.path (file): schema.json',
    ],
  )
  t.strictSame(
    pluginsOf(kustomization).map(({ field }) => field),
    ['Transformers[0]', 'Transformers[1]'],
  )
  t.end()
})

t.test('lists what builtin plugins name, and nothing of other plugins', t => {
  const builtin = 'apiVersion: builtin\nkind: PatchTransformer\npath: p.yaml\n'
  const plugin = 'apiVersion: example.com/v1\nkind: Own\npath: own.yaml\n'
  const list = `kind: List\nitems:\n- {apiVersion: builtin, kind: ReplacementTransformer, replacements: [{path: r.yaml}]}\n`
  t.strictSame(
    pluginReferences([builtin, plugin, list].join('---\n'), 't').map(({ field, value }) => [
      field,
      value,
    ]),
    [
      ['t.path', 'p.yaml'],
      ['t.replacements[0].path', 'r.yaml'],
    ],
  )
  t.end()
})

t.test('a kustomization is found under each name that kustomize takes', t => {
  t.equal(kustomizationNames.length, 3)
  for (const name of kustomizationNames)
    t.equal(
      kustomizationIn(memoryTree({ [`site/${name}`]: 'resources: []\n' }), 'site').path,
      `site/${name}`,
    )
  t.end()
})
