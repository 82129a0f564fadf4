import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { rehearseCommand } from '../../../src/cli/commands/rehearse/rehearse-command.ts'
import { tellStory } from '../../../src/cli/commands/demo/tell-story.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { clusterInstance, listing } from '../../support/memory-tree.ts'
import { repositoryWith } from '../../support/repository-with.ts'
import { surroundings } from '../../support/surroundings.ts'

const settings = `apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno1]\nroots: [site]\n`
const site = {
  'site/kustomization.yaml': listing('a.yaml'),
  'site/a.yaml': clusterInstance('sno1'),
}

t.test('a rehearsal begins only for a cluster of a repository that the bot could read', async t => {
  const { top } = await repositoryWith(t, { ...site, 'sower.yaml': settings })
  const bare = await repositoryWith(t, site)
  const below = await repositoryWith(t, {
    'ztp/sower.yaml': settings,
    ...Object.fromEntries(Object.entries(site).map(([path, text]) => [`ztp/${path}`, text])),
  })
  const kept = directoryWith(t, { kustomize: '#!/bin/sh\necho v5.7.1\n', 'old/a': '' })
  const environment = {
    ...surroundings().given.environment,
    SOWER_KUSTOMIZE: join(kept, 'kustomize'),
  }
  const { given, said } = surroundings({ directory: kept, environment, home: join(kept, 'dist') })
  const asked = { cluster: 'sno1', directory: top, output: 'text' as const, keep: 'new' }
  for (const [change, code, message] of [
    [{ cluster: 'A' }, 'ARGUMENT_INVALID', /<cluster>: A is/],
    [{ directory: 'nowhere' }, 'GIT_FAILED', /nowhere/],
    [{ directory: bare.top }, 'CONFIGURATION_MISSING', /^reading sower\.yaml in HEAD/],
    [
      { directory: join(below.top, 'ztp') },
      'CONFIGURATION_MISSING',
      /^reading sower\.yaml at the top of the repository: it is in ztp$/,
    ],
    [{ cluster: 'sno2' }, 'CLUSTER_NOT_FOUND', /no file that site lists holds the cluster sno2$/],
    [{ keep: 'old' }, 'ARGUMENT_INVALID', /--keep: old is not empty$/],
  ] as const)
    await t.rejects(rehearseCommand(given, { ...asked, ...change }), { code, message }, code)
  t.notOk(existsSync(join(kept, 'new')), 'nothing is begun')
  // The sandbox takes manifests of the checkout.
  await t.rejects(rehearseCommand(given, asked), {
    ...{ code: 'DEMO_FAILED', message: /there is no \S*\/manifests\/crd$/ },
  })
  t.equal(said.stdout, '')
})

t.test('a story is told to the end, and kept as events', async t => {
  const directory = directoryWith(t, { kustomize: '#!/bin/sh\necho v5.7.1\n' })
  const environment = { SOWER_KUSTOMIZE: join(directory, 'kustomize') }
  const { given, said } = surroundings({ directory, environment })
  const ended = { outcome: 'Completed', digest: null, blocked: null }
  const telling = { title: 'it', output: 'json' as const, keep: 'new' }
  const told = await tellStory(given, telling, async ({ emit }) => {
    emit({ event: 'phase', from: 'a', to: 'b' })
    return ended
  })
  t.strictSame(told, { ...ended, directory: join(directory, 'new') })
  t.match(said.stdout, /^\{.*"event":"phase".*\}\n\{.*"event":"end","outcome":"Completed".*\}\n$/)
  t.strictSame(readdirSync(join(directory, 'new')), ['events.jsonl'])
  const interrupted = { ...given, terminated: async () => undefined }
  await t.rejects(
    tellStory(
      interrupted,
      { ...telling, keep: 'other' },
      () => new Promise<typeof ended>(() => undefined),
    ),
    { code: 'DEMO_FAILED', message: 'playing it: it was interrupted' },
  )
})
