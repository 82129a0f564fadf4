import t from 'tap'
import { guardExplicitEmpty } from '../src/core/guard/explicit-empty.ts'
import { isExplicitlyEmpty } from '../src/core/kustomization/explicit-empty.ts'
import { clusterInstance, memoryTree } from './memory-tree.ts'

type Files = Parameters<typeof memoryTree>[0]

const saysNothing: readonly (readonly [string, boolean, Files])[] = [
  ['an explicit empty list', true, { 'site/kustomization.yaml': 'resources: []\n' }],
  [
    'an explicit empty list with comments',
    true,
    { 'site/kustomization.yaml': 'resources: []\n  #- a.yaml\n' },
  ],
  ['empty generators', true, { 'site/kustomization.yaml': 'generators: []\n' }],
  ['a null list', false, { 'site/kustomization.yaml': 'resources:\n  #- a.yaml\n' }],
  [
    'a null list beside an empty one',
    false,
    { 'site/kustomization.yaml': 'resources:\ncomponents: []\n' },
  ],
  ['no list', false, { 'site/kustomization.yaml': 'namespace: a\n' }],
  [
    'directories that say so',
    true,
    {
      'site/kustomization.yaml': 'resources: [a]\n',
      'site/a/kustomization.yaml': 'resources: []\n',
    },
  ],
  [
    'a directory with a null list',
    false,
    {
      'site/kustomization.yaml': 'resources: [a, b]\n',
      'site/a/kustomization.yaml': 'resources: []\n',
      'site/b/kustomization.yaml': 'resources:\n',
    },
  ],
  [
    'a file that holds no object any more',
    false,
    { 'site/kustomization.yaml': 'resources: [a.yaml]\n', 'site/a.yaml': '# nothing\n' },
  ],
  [
    'such a file beside an empty list of another field',
    false,
    { 'site/kustomization.yaml': 'resources: [a.yaml]\ncomponents: []\n', 'site/a.yaml': '' },
  ],
  [
    'such a file in a directory beside one that says so',
    false,
    {
      'site/kustomization.yaml': 'resources: [a, b]\n',
      'site/a/kustomization.yaml': 'resources: []\n',
      'site/b/kustomization.yaml': 'resources: [x.yaml]\n',
      'site/b/x.yaml': '',
    },
  ],
]

t.test('only an explicit empty list says that nothing is meant to be there', t => {
  for (const [what, isEmpty, files] of saysNothing)
    t.equal(isExplicitlyEmpty(memoryTree(files), 'site'), isEmpty, what)
  t.end()
})

t.test('refuses an empty render unless the kustomization says so', t => {
  for (const render of ['', '\n', '---\n', '---\n\n---\n'])
    for (const [what, isEmpty, files] of saysNothing) {
      const guard = (): void => {
        guardExplicitEmpty(memoryTree(files), { directory: 'site', render })
      }
      if (isEmpty) t.doesNotThrow(guard, what)
      else
        t.throws(
          guard,
          {
            name: 'RefusedError',
            code: 'RENDER_EMPTY',
            exitCode: 3,
            message: /^explicit-empty: the render of site holds no object/,
            fix: /resources: \[\]/,
          },
          what,
        )
    }
  t.end()
})

t.test('lets a render with objects through without looking at the repository', t => {
  const render = clusterInstance('sno1')
  t.doesNotThrow(() => {
    guardExplicitEmpty(memoryTree({}), { directory: 'site', render })
  })
  t.end()
})
