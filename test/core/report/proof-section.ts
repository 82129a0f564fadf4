import t from 'tap'
import { editSection, proofSection } from '../../../src/core/report/proof-section.ts'

const root = {
  ...{ path: 'clusters', isStatic: false, removed: ['a', 'b'], added: [], changed: [], left: 3 },
  ...{ removedClusters: [], owned: [], prunedTooEarly: [], orderKept: true },
}

t.test('a proof says what leaves each root, or why it does not count', t => {
  const of = { roots: [root], refusal: null, kustomize: 'kustomize 5' }
  const proven = proofSection(of, { isAdopted: false })
  t.match(proven, /^\*\*Proof\*\* \(kustomize 5\): exactly this cluster leaves the render\.\n/)
  t.match(proven, /\| `clusters` \| `a`<br>`b` \| {2}\| {2}\| 3 \|$/)
  t.match(proofSection(of, { isAdopted: true }), /no root renders the cluster/)
  t.match(
    proofSection({ ...of, refusal: 'more <b>leaves</b>', kustomize: null }, { isAdopted: false }),
    /more &#60;b&#62;/,
  )
  const many = { ...root, removed: Array.from({ length: 22 }, (_, index) => `o${index}`) }
  t.match(proofSection({ ...of, roots: [many] }, { isAdopted: false }), /and 2 more/)
  t.equal(proofSection({ ...of, roots: [] }, { isAdopted: false }), '')
  t.end()
})

t.test('an edit is a folded diff, cut where it is long', t => {
  t.equal(editSection({ diff: null }), '')
  t.match(editSection({ diff: '-a\n' }), /<summary>The edit<\/summary>\n\n```diff\n-a\n```/)
  t.match(editSection({ diff: 'x'.repeat(30_000) }), /\(cut: see the commit\)/)
  t.end()
})
