// An identity provider (samlp) on a loopback port of its own: node idp.js PORT FOLDER. Its key and certificate lie in the folder; the
// file "answer" there says how it answers, as JSON over the options of samlp. Whoever comes is asked for an email address, unless "answer"
// names one in "who".
const http = require('node:http'), fs = require('node:fs'), path = require('node:path'), { URL } = require('node:url');
const samlp = require('samlp');

const [port, folder] = process.argv.slice(2);
const address = `http://localhost:${port}`, issuer = `${address}/entity`;
const read = name => fs.readFileSync(path.join(folder, name), 'utf8');
const escape = text => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);

const answerTo = (request, who, res) => {
  const how = fs.existsSync(path.join(folder, 'answer')) ? JSON.parse(read('answer')) : {};
  const req = { method: 'GET', query: request ? { SAMLRequest: request } : {}, headers: {} };
  samlp.parseRequest(req, {}, (fault, asked) => {
    if (fault) { res.writeHead(400).end(String(fault)); return; }
    fs.appendFileSync(path.join(folder, 'asked'), JSON.stringify(asked ?? {}) + '\n');
    const acs = how.acs ?? asked.assertionConsumerServiceURL;
    res.set = (name, value) => res.setHeader(name, value);
    res.send = body => res.end(typeof body === 'number' ? String(body) : body);
    samlp.auth({
      issuer, cert: read('cert.pem'), key: read('key.pem'), destination: acs, recipient: acs, lifetimeInSeconds: 300,
      nameIdentifierFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
      getPostURL: (audience, dom, r, done) => done(null, acs),
      getUserFromRequest: () => ({
        id: how.who ?? who, emails: [{ value: who }], displayName: who, name: { givenName: 'A', familyName: 'B' },
      }),
      ...how,
    })(req, res, failed => res.writeHead(500).end(String(failed)));
  });
};

http.createServer((req, res) => {
  const url = new URL(req.url, address), request = url.searchParams.get('SAMLRequest');
  if (url.pathname === '/metadata') {
    res.set = (name, value) => res.setHeader(name, value);
    res.send = body => res.end(body);
    samlp.metadata({ issuer, cert: read('cert.pem'), redirectEndpointPath: '/sso', postEndpointPath: '/sso' })(
      { headers: { host: `localhost:${port}`, 'x-forwarded-proto': 'http' }, originalUrl: '/metadata' }, res);
  } else if (url.pathname === '/sso' && url.searchParams.get('who') === null) {
    res.setHeader('content-type', 'text/html').end(`<!doctype html><html lang="en"><title>Provider</title><main>
      <h1>Sign in at the provider</h1><form action="/sso"><input type="hidden" name="SAMLRequest" value="${escape(request ?? '')}">
      <label>Who are you? <input name="who"></label><button>Sign in here</button></form></main>`);
  } else if (url.pathname === '/sso') answerTo(request, url.searchParams.get('who'), res);
  else if (url.pathname === '/favicon.ico') res.writeHead(204).end();
  else res.writeHead(404).end();
}).listen(Number(port), 'localhost', () => console.log('ready'));
