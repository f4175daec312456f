// The page of hvc-sync sweep --html in a real browser: report_test.mjs HVC_SYNC CHROMIUM [FOLDER_FOR_PICTURES]
//
// A server of its own answers with ids and messages full of markup; the tool asks it and writes the page; what the page shows
// and does is looked at as a reader sees it.
import assert from "node:assert/strict";
import {execFile, execFileSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {createServer} from "node:https";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";
import {chromium} from "playwright-core";

const [hvcSync, browserPath, pictures] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "hvc-browser-"));
const hostile = {
  link: `<img src=x onerror="alert('link')">`,
  provider: `</script><script>alert("provider")</script>`,
  message: `<b>bold</b> & "quoted" <!-- open`,
};

// 240 providers that are well, 8 that failed, one never synced, one unknown, one of hostile names.
const now = Math.floor(Date.now() / 1000) * 1000;
const synced = seconds => new Date(now - seconds * 1000).toISOString();
const message = text => ({id: "com.test.message", default_message: text, args: []});
const info = (status, age, text) => ({status, polling_interval_in_seconds: 300,
                                      ...(age === null ? {} : {last_sync_time: synced(age)}),
                                      ...(text ? {status_message: message(text)} : {})});
const world = new Map([["link-1", new Map()], ["link-2", new Map()], [hostile.link, new Map()]]);
for (let i = 1; i <= 240; ++i) world.get("link-1").set(`provider-${i}`, info("SUCCEEDED", i * 30));
for (let i = 1; i <= 8; ++i) world.get("link-2").set(`broken-${i}`, info("FAILED", 86400 * i, `The partner of ${i} is away.`));
world.get("link-2").set("new", info("NO_SYNC_FOUND", null));
world.get("link-2").set("gone", null);
world.get(hostile.link).set(hostile.provider, info("FAILED", 60, hostile.message));

function answer(path) {
  const parts = path.split("/").map(decodeURIComponent).slice(4); // behind /api/hvc/links
  const link = world.get(parts[0]);
  if (parts.length === 0) return [...world.keys()].map(name => ({link: name, display_name: name}));
  if (parts.length === 3) return [...link.keys()].map(provider => ({provider}));
  return link.get(parts[3]);
}

async function serve() {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                           "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert], {stdio: "ignore"});
  const server = createServer({key: readFileSync(key), cert: readFileSync(cert)}, (request, response) => {
    const found = answer(request.url);
    response.writeHead(found ? 200 : 404, {"Content-Type": "application/json"});
    response.end(JSON.stringify(found ?? {error_type: "NOT_FOUND", messages: [message("No such provider.")]}));
  });
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  return {server, url: `https://127.0.0.1:${server.address().port}`, cert};
}

async function writeReport() {
  const {server, url, cert} = await serve();
  const page = join(folder, "report.html");
  const ended = await promisify(execFile)(hvcSync, ["sweep", "-s", url, "--ca-file", cert, "--no-auth", "--rate", "unlimited",
                                                    "--output", "ndjson", "--html", page], {env: {}}).catch(e => e);
  server.close();
  server.closeAllConnections();
  assert.equal(ended.code, 1, ended.stderr); // some FAILED
  return page;
}

const cells = (page, column) => page.$$eval(`#rows td.${column}`, all => all.map(cell => cell.textContent));
const shown = page => page.textContent("#shown");

const tests = {
  "the totals count every group, and filter when they are pressed": async page => {
    const totals = await page.$$eval("#totals button", all => all.map(b => [...b.children].map(c => c.textContent).join(" ")));
    assert.deepEqual(totals.sort(), ["1 NO_SYNC_FOUND", "1 standard(NOT_FOUND)", "240 SUCCEEDED", "251 in all", "9 FAILED"]);
    await page.click("#totals button:has-text('FAILED')");
    assert.deepEqual(new Set(await cells(page, "group")), new Set(["FAILED"]));
    assert.equal(await shown(page), "1–9 of 9");
    await page.click("#totals button:has-text('in all')");
    assert.equal(await shown(page), "1–100 of 251");
  },
  "ids and messages with markup in them are text": async page => {
    await page.fill("#filter", "bold");
    assert.deepEqual(await cells(page, "link"), [hostile.link]);
    assert.deepEqual(await cells(page, "provider"), [hostile.provider]);
    assert.deepEqual(await cells(page, "message"), [`${hostile.message} [com.test.message]`]);
    assert.equal(await page.locator("#rows :is(img, script, b)").count(), 0);
  },
  "the filter takes words in any order and any case, of names and messages": async page => {
    await page.fill("#filter", "AWAY broken-3");
    assert.deepEqual(await cells(page, "provider"), ["broken-3"]);
    await page.fill("#filter", "no such thing");
    assert.equal(await shown(page), "none");
  },
  "a heading sorts, once more the other way round, by number where it is one": async page => {
    await page.click("th button:has-text('Provider')");
    await page.fill("#filter", "link-1 provider-");
    assert.deepEqual((await cells(page, "provider")).slice(0, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(i => `provider-${i}`));
    assert.equal(await page.getAttribute("th:has-text('Provider')", "aria-sort"), "ascending");
    await page.fill("#filter", "");
    await page.click("th button:has-text('Last sync')");
    await page.click("th button:has-text('Last sync')");
    assert.equal(await page.getAttribute("th:has-text('Last sync')", "aria-sort"), "descending");
    assert.deepEqual((await cells(page, "provider")).slice(0, 3), ["broken-8", "broken-7", "broken-6"]);
  },
  "many rows are turned over page by page": async page => {
    assert.ok(await page.isDisabled("#earlier"));
    await page.click("#later");
    await page.click("#later");
    assert.equal(await shown(page), "201–251 of 251");
    assert.ok(await page.isDisabled("#later"));
    await page.click("#earlier");
    assert.equal(await shown(page), "101–200 of 251");
  },
  "the pictures show every answer and every age": async page => {
    for (const [id, count] of [["latencies", 251], ["ages", 249]]) {
      const label = await page.getAttribute(`#${id}`, "aria-label");
      assert.equal([...label.matchAll(/([\d,]+) from /g)].reduce((sum, m) => sum + Number(m[1].replace(",", "")), 0), count, label);
      assert.ok(await page.locator(`#${id} rect`).count() > 0);
    }
    assert.match(await page.textContent("#quantiles"), /^Half within .* the longest /);
    assert.equal(await page.textContent("#unsynced"), "2 without a time of a last sync.");
  },
};

async function inLook(browser, page, look, test) {
  const context = await browser.newContext(look);
  const seen = await context.newPage();
  const complaints = [];
  seen.on("dialog", d => { complaints.push(`dialog: ${d.message()}`); d.dismiss(); });
  seen.on("pageerror", e => complaints.push(`error: ${e.message}`));
  seen.on("console", m => complaints.push(`console: ${m.text()}`));
  seen.on("request", r => { if (r.url() !== `file://${page}`) complaints.push(`request: ${r.url()}`); });
  await seen.goto(`file://${page}`);
  await test(seen);
  assert.deepEqual(complaints, []);
  await context.close();
}

const sizes = {phone: {width: 390, height: 844}, desktop: {width: 1280, height: 900}};
const backgrounds = new Set();
let failed = 0;
async function attempt(name, run) {
  try {
    await run();
    console.log(`ok      ${name}`);
  } catch (e) {
    ++failed;
    console.log(`FAILED  ${name}\n${e.stack}`);
  }
}

const browser = await chromium.launch({executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"]});
try {
  const page = await writeReport();
  for (const [name, test] of Object.entries(tests))
    await attempt(name, () => inLook(browser, page, {viewport: sizes.desktop}, test));
  for (const [size, viewport] of Object.entries(sizes))
    for (const colorScheme of ["light", "dark"])
      await attempt(`fits a ${size}, ${colorScheme}`, () => inLook(browser, page, {viewport, colorScheme}, async seen => {
        assert.ok(await seen.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), "wider than the window");
        backgrounds.add(await seen.evaluate(() => getComputedStyle(document.body).backgroundColor));
        if (pictures) await seen.screenshot({path: join(pictures, `report-${size}-${colorScheme}.png`)});
      }));
  await attempt("light and dark differ", async () => assert.equal(backgrounds.size, 2));
} finally {
  await browser.close();
  rmSync(folder, {recursive: true});
}
process.exit(failed === 0 ? 0 : 1);
