/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/core/detach.test.ts > TAP > a record reads as it was written, down to the bytes of its lines > must match snapshot 1`] = `
apiVersion: sower.dev/v1alpha1
kind: SeedRecord
cluster: sno1
image: quay.io/ibu/sno1:4.18.5
status: completed
request: pull-request:7
pullRequest: 7
mergedAs: '3333333333333333333333333333333333333333'
detached:
  edits:
    - file: site/kustomization.yaml
      key: resources
      line: 4
      before: "  - sno1.yaml # the seed: \\"one\\"\\r\\n"
      after: "  #- sno1.yaml # the seed: \\"one\\"\\r\\n"
      follows: "resources:\\r\\n"
    - file: site/kustomization.yaml
      key: patches
      line: 6
      before: |2
          - patch: |-
              a: |

                b
      after: |2
          #- patch: |-
          #    a: |

          #      b
      follows: |
        patches:
  source: site/sno1.yaml
  clusterInstance:
    namespace: sno1
    name: sno1
  roots:
    - site
digest: sha256:a
finishedAt: 2026-11-22T10:00:00.000Z

`
