import t from 'tap'
import { doubtInText, textKind } from '../../../src/core/shard/doubt-in-text.ts'

t.test('finds annotations that kustomize reads, however they are written', t => {
  const annotation = 'it has annotations that kustomize itself reads'
  for (const text of [
    'config.kubernetes.io/local-config: "true"',
    'internal.config.kubernetes.io/needsHashSuffix: enabled',
    'config.k8s.io/id: "1"',
    'kustomize.config.k8s.io/needs-hash: "true"',
    '"config.kubernetes.i\\x6f/local-config"',
    '"\\u0063onfig.kubernetes.io/local-config"',
    '"\\U00000063onfig.kubernetes.io/local-config"',
    '"config.kuber\\\n    netes.io/local-config"',
  ])
    t.equal(doubtInText(text), annotation, text)
  for (const text of ['%YAML 1.2\n---\n', 'a: !!binary YQ==', '!<tag:x> a'])
    t.match(doubtInText(text), /tags or directives/)
  for (const text of ['\0', '\uFFFD']) t.equal(doubtInText(text), 'it is not UTF-8')
  for (const text of [
    'apiVersion: kustomize.config.k8s.io/v1beta1\n',
    'a: "\\"b\\" \\\\ \\u00e9 \\/ \\UFFFFFFFF"\n',
    'description: of config maps\n',
  ])
    t.equal(doubtInText(text), null, text)
  t.end()
})

t.test('joins only texts that kustomize would take apart again at the same places', t => {
  for (const text of [
    'a: 1\n',
    '---\na: 1\n',
    'a: 1\n---\nb: 2\n',
    '\n',
    '# x\n',
    'a: 1\r\n',
    'a: "\\x41"\n',
  ])
    t.equal(textKind(text), 'joined', JSON.stringify(text))
  for (const text of [
    '',
    'a: 1',
    'a: 1\n---\n',
    'a: 1\n--- # end\n',
    '---\n',
    'kind: List\n',
    'kind: "L\\x69st"\n',
    '\uFEFFa: 1\n',
  ])
    t.equal(textKind(text), 'alone', JSON.stringify(text))
  t.end()
})
