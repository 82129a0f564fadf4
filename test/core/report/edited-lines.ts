import t from 'tap'
import { editedLines } from '../../../src/core/report/edited-lines.ts'

t.test('finds the lines of an edit, and leaves out files that are new', t => {
  const diff = `diff --git a/c/kustomization.yaml b/c/kustomization.yaml
index 1..2 100644
--- a/c/kustomization.yaml
+++ b/c/kustomization.yaml
@@ -2,6 +2,7 @@
 resources:
-  - sno1.yaml
+  # - sno1.yaml
+  # more
   - sno2.yaml
-  - sno3.yaml
   - sno4.yaml
@@ -20 +20,0 @@
-x
diff --git a/seeds/sno1/record.yaml b/seeds/sno1/record.yaml
new file mode 100644
--- /dev/null
+++ b/seeds/sno1/record.yaml
@@ -0,0 +1 @@
+a: 1
diff --git a/d.yaml b/d.yaml
--- a/d.yaml
+++ b/d.yaml
@@ -1,2 +0,0 @@
-a
-b
`
  const path = 'c/kustomization.yaml'
  t.strictSame(editedLines(diff), [
    { path, line: 3 },
    { path, line: 6 },
    { path, line: 20 },
    { path: 'd.yaml', line: 1 },
  ])
  t.strictSame(editedLines(''), [])
  t.end()
})
