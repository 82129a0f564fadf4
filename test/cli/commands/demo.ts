import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { demoCommand } from '../../../src/cli/commands/demo/demo-command.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { surroundings } from '../../support/surroundings.ts'

t.test('a demo begins only with a scenario, a kustomize and an empty place', async t => {
  const directory = directoryWith(t, { kustomize: '#!/bin/sh\necho v5.7.1\n', 'old/a': '' })
  const environment = { SOWER_KUSTOMIZE: join(directory, 'kustomize') }
  const { given, said } = surroundings({ directory, environment, home: join(directory, 'dist') })
  const asked = { scenario: 'run', output: 'json' as const, keep: 'new' }
  for (const [of, change, expected] of [
    [
      given,
      { scenario: 'toString' },
      {
        code: 'ARGUMENT_INVALID',
        message: 'reading --scenario: there is no scenario toString',
        fix: 'choose one of run, last-cluster, no-webhook',
      },
    ],
    [given, { keep: 'old' }, { code: 'ARGUMENT_INVALID', message: /--keep: old is not empty$/ }],
    [{ ...given, environment: { SOWER_KUSTOMIZE: 'no' } }, {}, { code: 'KUSTOMIZE_MISSING' }],
  ] as const)
    await t.rejects(demoCommand(of, { ...asked, ...change }), expected)
  t.notOk(existsSync(join(directory, 'new')), 'nothing is begun')
  t.equal(said.stdout, '')
})

t.test('a demo without a checkout beside it has failed', async t => {
  const directory = directoryWith(t, { kustomize: '#!/bin/sh\necho v5.7.1\n' })
  const environment = { SOWER_KUSTOMIZE: join(directory, 'kustomize') }
  const of = { directory, environment, home: join(directory, 'dist') }
  const lonely = surroundings(of)
  const asked = { scenario: 'run', output: 'text' as const, keep: 'new' }
  await t.rejects(demoCommand(lonely.given, asked), {
    ...{ code: 'DEMO_FAILED', message: /there is no \S*\/manifests\/overlays\/example$/ },
  })
})
