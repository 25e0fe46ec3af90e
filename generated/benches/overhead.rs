//! The client's overhead compared with reqwest: requests per second over one loopback connection, and
//! allocations per request. Three programs send the same bytes to the same server in turns, and get
//! the same large response: reqwest with a prepared body and without parsing, reqwest with JSON
//! serialization and parsing, and the client.
//!
//! `cargo bench -p launchdarkly-integrations --features async,ring --bench overhead`

// A benchmark may panic.
#![allow(clippy::unwrap_used)]

use std::alloc::System;
use std::hint::black_box;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use launchdarkly_integrations::client::{
    AccessToken, Actions, Api, Body, Client, Host, NewIntegrationConfiguration, RawConfigValues,
    ReqwestTransport, Resources, Statement,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 201;
const REQUESTS: u32 = 100;
/// As large as the example response in LaunchDarkly's documentation, and with the same structure.
const CREATED: &str = r#"{
  "_links": {
    "parent": {"href": "/api/v2/integration-configurations/keys/datadog", "type": "application/json"},
    "self": {"href": "/api/v2/integration-configurations/c1", "type": "application/json"}
  },
  "_id": "c1",
  "name": "Production",
  "_createdAt": 1700000000000,
  "_integrationKey": "datadog",
  "tags": ["ops", "production"],
  "enabled": true,
  "_access": {
    "denied": [{"action": "deleteIntegration", "reason": {"effect": "deny",
      "resources": ["proj/*:env/*:flag/*"], "notResources": ["proj/a"], "actions": ["*"],
      "notActions": ["updateOn"], "role_name": "writer"}}],
    "allowed": [{"action": "updateIntegration", "reason": {"effect": "allow",
      "resources": ["proj/*:env/*:flag/*"], "notResources": ["proj/a"], "actions": ["*"],
      "notActions": ["updateOn"], "role_name": "writer"}}]
  },
  "configValues": {"apiKey": "012******def", "hostURL": "https://api.datadoghq.eu"},
  "capabilityConfig": {
    "approvals": {"additionalFormVariables": [{"key": "k", "name": "Name", "type": "string"}]},
    "auditLogEventsHook": {"statements": [{"effect": "allow",
      "resources": ["proj/*:env/production:flag/*"], "actions": ["*"]}]}
  }
}"#;

/// Starts a server that responds to every request. It runs on the client's thread, because the
/// scheduling of a second thread would vary more than the results.
async fn server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream));
        }
    });
    address
}

async fn serve(stream: TcpStream) {
    stream.set_nodelay(true).unwrap();
    let length = CREATED.len();
    let response = format!("HTTP/1.1 201 Created\r\nContent-Length: {length}\r\n\r\n{CREATED}");
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    let mut body = Vec::new();
    let mut length = 0;
    loop {
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().unwrap();
            }
            _ if line == "\r\n" => {
                body.resize(length, 0);
                stream.read_exact(&mut body).await.unwrap();
                stream.write_all(response.as_bytes()).await.unwrap();
            }
            _ => {}
        }
    }
}

/// reqwest with a prepared body and without parsing.
async fn reqwest_bytes(http: &reqwest::Client, request: &http::Request<Vec<u8>>) {
    let request = reqwest::Request::try_from(request.clone()).unwrap();
    let response = http.execute(request).await.unwrap();
    assert_eq!(response.status(), 201);
    black_box(response.bytes().await.unwrap());
}

/// reqwest with JSON, as a program would use it without this client.
async fn reqwest_json(
    http: &reqwest::Client,
    request: &http::Request<Vec<u8>>,
    configuration: &NewIntegrationConfiguration,
) {
    let response = http
        .post(request.uri().to_string())
        .headers(request.headers().clone())
        .body(serde_json::to_vec(configuration).unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 201);
    let body = response.bytes().await.unwrap();
    black_box(serde_json::from_slice::<serde_json::Value>(&body).unwrap());
}

async fn client_call(client: &Client, configuration: &NewIntegrationConfiguration) {
    let call = client.integration_configurations().create(configuration);
    black_box(call.send().await.unwrap());
}

/// Returns the time of a round of requests.
async fn round(mut request: impl AsyncFnMut()) -> Duration {
    let begin = Instant::now();
    for _ in 0..REQUESTS {
        request().await;
    }
    begin.elapsed()
}

/// Returns allocations and allocated bytes per request, including those of the server.
async fn allocations(request: impl AsyncFnMut()) -> (usize, usize) {
    let region = Region::new(ALLOCATOR);
    round(request).await;
    let change = region.change();
    let per = |count: usize| count / REQUESTS as usize;
    (
        per(change.allocations + change.reallocations),
        per(change.bytes_allocated),
    )
}

/// Returns the requests per second of the median round.
fn median_rate(mut times: Vec<Duration>) -> f64 {
    times.sort();
    f64::from(REQUESTS) / times[times.len() / 2].as_secs_f64()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let token = AccessToken::new("api-0123").unwrap();
    let host = Host::new(&format!("http://{}", server().await)).unwrap();
    let values = RawConfigValues::new("datadog")
        .unwrap()
        .with("apiKey", "0123456789abcdef");
    let configuration = NewIntegrationConfiguration::new("Production", values)
        .tags(["ops", "production"])
        .statements([Statement::allow(
            Resources::only(["proj/*:env/production:flag/*"]),
            Actions::only(["*"]),
        )]);
    let api = Api::new(token.clone()).host(host.clone());
    let request = api
        .integration_configurations()
        .create(&configuration)
        .request();
    let request = request.unwrap().map(Body::into_bytes);
    let client = Client::builder(token).host(host).build().unwrap();
    let http = ReqwestTransport::builder().unwrap();
    let http = http.timeout(Duration::from_secs(30)).build().unwrap();

    let mut times = [const { Vec::new() }; 3];
    for number in 0..=ROUNDS {
        let turn = [
            round(async || reqwest_bytes(&http, &request).await).await,
            round(async || reqwest_json(&http, &request, &configuration).await).await,
            round(async || client_call(&client, &configuration).await).await,
        ];
        // The first round opens the connections.
        if number > 0 {
            times
                .iter_mut()
                .zip(turn)
                .for_each(|(all, one)| all.push(one));
        }
    }
    let [bytes_rate, json_rate, client_rate] = times.map(median_rate);
    println!("reqwest, bytes  {bytes_rate:.0} requests/s");
    println!("reqwest, JSON   {json_rate:.0} requests/s");
    println!("client          {client_rate:.0} requests/s");
    println!(
        "client / bytes {:.3}, client / JSON {:.3}",
        client_rate / bytes_rate,
        client_rate / json_rate
    );
    for (which, (count, bytes)) in [
        (
            "reqwest, bytes",
            allocations(async || reqwest_bytes(&http, &request).await).await,
        ),
        (
            "reqwest, JSON ",
            allocations(async || reqwest_json(&http, &request, &configuration).await).await,
        ),
        (
            "client        ",
            allocations(async || client_call(&client, &configuration).await).await,
        ),
    ] {
        println!("{which}  {count} allocations, {bytes} bytes per request");
    }
}
