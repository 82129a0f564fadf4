import { join } from 'node:path'
import t from 'tap'
import { composeKustomize, during, type Surroundings } from '../../src/surroundings.ts'
import { directoryWith } from '../support/directory-with.ts'
import { surroundings } from '../support/surroundings.ts'

const saying = (version: string): string => `#!/bin/sh\necho ${version}\n`

t.test('kustomize is the one that is named, that of PATH, and then the one fetched', async t => {
  const directory = directoryWith(t, {
    'named/kustomize': saying('v5.1.0'),
    'path/kustomize': saying('v5.2.0'),
    'checkout/node_modules/.cache/sower/kubectl': saying('Kustomize Version: v5.3.0'),
    'checkout/dist/sower.js': '',
  })
  const path = join(directory, 'path')
  for (const [environment, version] of [
    [{ SOWER_KUSTOMIZE: join(directory, 'named', 'kustomize'), PATH: path }, 'kustomize v5.1.0'],
    [{ SOWER_KUSTOMIZE: 'named/kustomize' }, 'kustomize v5.1.0'],
    [{ SOWER_KUSTOMIZE: '', PATH: path }, 'kustomize v5.2.0'],
    [{}, 'kubectl kustomize v5.3.0'],
  ] as const) {
    const { given } = surroundings({
      environment,
      directory,
      home: join(directory, 'checkout', 'dist'),
    })
    t.equal(await (await composeKustomize(given)).version(), version)
  }
  const { given } = surroundings({ environment: {}, directory, home: path })
  await t.rejects((await composeKustomize(given)).version(), { code: 'KUSTOMIZE_MISSING' })
})

t.test('a render says that it is under way, where somebody is there to read it', async t => {
  const directory = directoryWith(t, { kustomize: '#!/bin/sh\necho "kind: A"\n', 'a/b': '' })
  const said: string[] = []
  const progress: Surroundings['progress'] = {
    during: async (what, work) => {
      said.push(what)
      return work()
    },
    beside: say => {
      say()
    },
    end: () => undefined,
  }
  const environment = { SOWER_KUSTOMIZE: join(directory, 'kustomize') }
  for (const of of [{ progress }, {}]) {
    const { given } = surroundings({ environment, directory, ...of })
    const kustomize = await composeKustomize(given)
    t.match(await kustomize.build(join(directory, 'a'), { path: 'a' }), /kind: A/)
    t.equal(await during(given, 'asking', async () => 1), 1)
  }
  t.strictSame(said, ['rendering a', 'asking'])
})
