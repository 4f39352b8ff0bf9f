//! Traffic, live by MONITOR or from a recorded log.

use std::ops::ControlFlow;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, watch};

use super::super::Collector;
use super::super::traffic::Traffic;
use super::{TrafficSeen, told};
use crate::observe::input::Input;
use crate::observe::traffic::Event;
use crate::observe::traffic::monitor::{self, ClientTable, WatchOptions, read_log};
use crate::server::connect::Endpoint;

/// Portions of events that may wait.
const WAITING: usize = 4;
/// Calls between two looks at whether to stop.
const STRIDE: u64 = 256;

/// Hears the traffic of servers for a while. `progress` is told once that all is heard from now on, with `None`, then
/// how many calls were heard. Not to be called from async code.
///
/// # Errors
/// When a server cannot be reached, or does not let this user run MONITOR.
pub fn listen_to(
    (endpoints, time): (&[Endpoint], Option<Duration>),
    mut traffic: Traffic<'_>,
    collector: &mut Collector,
    stop: &watch::Receiver<bool>,
    progress: impl Fn(Option<u64>),
) -> Result<TrafficSeen> {
    let runtime = Runtime::new().context("cannot start to watch")?;
    traffic.database = endpoints.first().map(Endpoint::database);
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let (ready, mut started) = mpsc::channel(endpoints.len().max(1));
    let tasks: Vec<_> = endpoints
        .iter()
        .cloned()
        .map(|endpoint| {
            let (sender, ready, stop) = (sender.clone(), ready.clone(), stop.clone());
            runtime.spawn(async move {
                let options = WatchOptions { until: time, calls: None };
                let tell = move |_| {
                    // There is room for each.
                    let _ = ready.try_send(());
                };
                monitor::watch(&endpoint, options, tell, sender, told(stop)).await
            })
        })
        .collect();
    drop((sender, ready));
    let mut all = true;
    for _ in endpoints {
        all &= runtime.block_on(started.recv()).is_some();
    }
    if all {
        progress(None);
    }
    while let Some(portion) = receiver.blocking_recv() {
        portion.iter().for_each(|event| traffic.see(event, collector));
        progress(Some(traffic.calls));
    }
    traffic.flush(collector);
    let mut notes = Vec::new();
    let mut took = Duration::ZERO;
    for task in tasks {
        let summary = runtime.block_on(task).context("the listener ended early")??;
        notes.extend(summary.notes);
        traffic.missed += summary.dropped;
        took = took.max(summary.took);
    }
    Ok(TrafficSeen { notes, seconds: super::super::shape::seconds(took), ..seen(&traffic) })
}

/// Reads a recorded MONITOR log, and who its clients are. `progress` is told calls that were read.
///
/// # Errors
/// When the log cannot be read, or is none.
pub fn read_traffic(
    (input, clients): (Input, ClientTable),
    mut traffic: Traffic<'_>,
    collector: &mut Collector,
    stop: &watch::Receiver<bool>,
    progress: impl Fn(u64),
) -> Result<TrafficSeen> {
    let mut read = 0_u64;
    let mut each = |event: Event| {
        traffic.see(&event, collector);
        read += 1;
        if read.is_multiple_of(STRIDE) {
            progress(read);
            if *stop.borrow() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    };
    let summary = read_log(input, clients, &mut each)?;
    traffic.flush(collector);
    let mut seen = seen(&traffic);
    if let Some((line, why)) = &summary.first_skipped {
        let lines = super::super::shape::counted(summary.skipped, "line");
        seen.notes.push(format!("{lines} not MONITOR's and passed over; the first is line {line}: {why}"));
    }
    Ok(seen)
}

fn seen(traffic: &Traffic<'_>) -> TrafficSeen {
    let micros = traffic.period_us.map_or(0, |(first, last)| last.saturating_sub(first));
    TrafficSeen {
        calls: traffic.calls,
        unknown: traffic.unknown,
        missed: traffic.missed,
        seconds: super::super::shape::seconds(Duration::from_micros(micros)),
        notes: Vec::new(),
    }
}
