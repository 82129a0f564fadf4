import t from 'tap'
import type { Promotion } from '../../../src/core/promote/promotion.ts'
import { refusePromotion } from '../../../src/core/promote/refuse-promotion.ts'

const image = 'quay.io/ibu/sno1@sha256:new'
const promotion: Promotion = {
  ...{ file: 'upgrade.yaml', group: 'lca.openshift.io', kind: 'ImageBasedUpgrade', text: '' },
  name: 'upgrade',
  fields: [
    { path: ['spec', 'seedImageRef', 'image'], from: 'a', to: image },
    { path: ['spec', 'seedImageRef', 'version'], from: '4.17.1', to: '4.18.5' },
  ],
}
const rendered = (named: string, version: string, more = '  stage: Idle\n'): string =>
  `apiVersion: lca.openshift.io/v1\nkind: ImageBasedUpgrade\nmetadata:\n  name: upgrade\nspec:\n  seedImageRef:\n    image: ${named}\n    version: ${version}\n${more}`
const other = (data: string): string =>
  `apiVersion: v1\ndata:\n  a: ${data}\nkind: ConfigMap\nmetadata:\n  name: other\n`
const old = [other('1'), rendered('a', '4.17.1')]
const refusal = (now: readonly string[], promotions = [promotion]): string | null =>
  refusePromotion({ root: 'site', before: old.join('---\n'), after: now.join('---\n') }, promotions)

t.test('a render may differ in the fields that are set, and in nothing else', t => {
  const good = rendered(image, '4.18.5')
  t.equal(refusal([other('1'), good]), null)
  for (const [now, expected] of [
    [[other('1'), good, other('3')], /^site would render another number of objects$/],
    [[other('2'), good], /^site would render ConfigMap\/other otherwise in more than/],
    [[good, other('1')], /otherwise in more than its image and version$/],
    [
      [other('1'), rendered(image, '4.18.6')],
      /lca\.openshift\.io\/ImageBasedUpgrade\/upgrade other/,
    ],
    [[other('1'), rendered(image, '4.18.5', '  stage: Prep\n')], /otherwise in more than/],
    [old, /lists upgrade\.yaml, but does not render .* spec\.seedImageRef\.image and spec\./],
  ] as const)
    t.match(refusal(now), expected)
  t.equal(refusal(old, []), null)
  t.end()
})
