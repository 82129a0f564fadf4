import { join } from 'node:path'
import t from 'tap'
import { composeKustomize } from '../../src/surroundings.ts'
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
